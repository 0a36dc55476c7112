import { slidingWindow } from "../attention/mod.ts";
import {
  blockwisePasses,
  couple,
  hierarchySeconds,
  selfSpeculation,
  speculativeRound,
  speculativeSpeedup,
} from "../decoding/mod.ts";
import { seeded } from "../numeric/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { onH100 } from "./small_examples.ts";

/**
 * Systems of chapter 10, speculative decoding, and what models each. A survey of distillation and a
 * report of a deployment hold nothing to compute.
 */
export const chapter10Systems: Readonly<Record<string, ModeledSystem>> = {
  "speculative-decoding": modeled(
    speculativeRound,
    (run) =>
      run({ target: onH100("llama-3.1-8b"), draft: onH100("llama-3.2-1b"), acceptance: 0.8 }, {
        context: 2000,
      }, 4),
  ),
  "blockwise-parallel-decoding": modeled(blockwisePasses, (run) => run(1000, { blockSize: 4 })),
  "magicdec": modeled(
    selfSpeculation,
    (run) => run(onH100("llama-3.1-8b"), slidingWindow({ window: 508, sinks: 4 }), 0.8),
  ),
  "maximal-coupling": modeled(couple, (run) => run(1, [0.5, 0.5, 0], [0, 0.5, 0.5], seeded(1))),
  // drafters that fill in a block at once: a number of passes that does not grow with it; how they are trained is not modeled
  "dflash-dspark": modeled(speculativeSpeedup, (run) =>
    run({
      acceptance: 0.8,
      draftLength: 8,
      draftCost: 0.1,
      draftPasses: 1,
    })),
  "triforce": modeled(hierarchySeconds, (run) =>
    run(1, [
      { seconds: 0.2, acceptance: 0.9, draftLength: 6 },
      { seconds: 0.01, acceptance: 0.6, draftLength: 1 },
    ])),
};
