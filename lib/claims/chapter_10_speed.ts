import { bestRound, operationsFactor, type Speculation, verification } from "../decoding/mod.ts";
import { estimate } from "../roofline/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { decodeStep, shown, totals } from "./measures.ts";
import { findSystem } from "./system.ts";

const context = 2000;
const answer = 500;
const accepted = 0.8;

/** Chapter 10, speed: what drafts gain, what they cost, and where. */
export const chapter10Speed: readonly Derivation[] = [
  derive("a-spec-decoding-2-3x", {
    assumptions: () => [
      `Llama 3.1 8B drafts for Llama 3.1 70B on four H100, one sequence of ${
        context.toLocaleString("en-US")
      } tokens, the best draft length; acceptance ${accepted} for every token, which is assumed`,
      `with acceptance 0.6 it is ${shown(gain(courseCatalog, 1, 0.6), 2)} x, with 0.9 ${
        shown(gain(courseCatalog, 1, 0.9), 2)
      } x`,
      `with 64 sequences at once it is ${shown(gain(courseCatalog, 64), 2)} x, with 512 ${
        shown(gain(courseCatalog, 512), 2)
      } x`,
    ],
    by: [bestRound],
    derived: (catalog) => gain(catalog, 1),
  }),
  derive("a-spec-trades-compute-for-latency", {
    assumptions: [
      `Llama 3.1 8B drafts 5 tokens for Llama 3.1 70B, acceptance ${accepted}; operations of all drafts and of all places that are verified, for each token that is kept`,
    ],
    by: [operationsFactor],
    relation: "at least",
    proxy: { computes: "operations for a token, over plain decoding", unit: "x", threshold: 1 },
    derived: ({ model }) => {
      const flops = (name: string) => totals(model(name), decodeStep(context)).flops;
      const draftCost = flops("llama-3.1-8b") / flops("llama-3.1-70b");
      return operationsFactor({ acceptance: accepted, draftLength: 5, draftCost });
    },
  }),
  derive("a-spec-latency-halved", {
    assumptions: () => [
      `from a prompt of ${
        context.toLocaleString("en-US")
      } tokens to the last of ${answer}, both models' prefill included; models and devices as for the 2 to 3 times, one user`,
      `with 64 users at once it is ${shown(latencyGain(courseCatalog, 64), 2)} x`,
    ],
    by: [estimate, bestRound],
    relation: "at least",
    derived: (catalog) => latencyGain(catalog, 1),
  }),
  derive("a-spec-decoding-first-2022", {
    assumptions: [
      "the earliest year of a system of the sources that drafts tokens and verifies them in one pass: blockwise parallel decoding, which the same document lists",
    ],
    by: [findSystem],
    relation: "at least",
    derived: () => Math.min(year("blockwise-parallel-decoding"), year("speculative-decoding")),
    otherwise: {
      condition: "tokens are sampled, and the law of the target is kept exactly",
      derived: () => year("speculative-decoding"),
    },
  }),
  derive("c-spec-one-pass-bandwidth", {
    assumptions: () => [
      "bytes that a step for five tokens moves, over one for a single token: Qwen3-8B, one sequence of 2,000 tokens",
      `a mixture of experts reads the union of what its tokens pick: Qwen3-30B-A3B ${
        shown(passes(courseCatalog, "qwen3-30b-a3b", 1), 2)
      } x, and ${
        shown(passes(courseCatalog, "qwen3-30b-a3b", 64), 2)
      } x in a batch of 64, which has read them all anyhow`,
    ],
    by: [verification],
    derived: (catalog) => passes(catalog, "qwen3-8b", 1),
  }),
];

/** Claims of chapter 10 that no sum decides. */
export const chapter10Citations: readonly Citation[] = [
  cite(
    "a-magicdec-self-speculation",
    "acceptance of trained models: the chapter measures it on the course's own pair, and so does the library's test of agreement()",
  ),
];

function speculation({ model, hardware }: Catalog, acceptance: number): Speculation {
  const on = { hardware: hardware("nvidia-h100-sxm"), devices: 4 };
  return {
    target: { ...on, model: model("llama-3.1-70b") },
    draft: { ...on, model: model("llama-3.1-8b") },
    acceptance,
  };
}

function gain(catalog: Catalog, batch: number, acceptance = accepted): number {
  return bestRound(speculation(catalog, acceptance), { batch, context }).speedup;
}

/** How much sooner a whole answer is there. */
function latencyGain(catalog: Catalog, batch: number): number {
  const { target, draft } = speculation(catalog, accepted);
  const request = { promptTokens: context, outputTokens: answer, batch };
  const [alone, small] = [target, draft].map((each) => estimate(each, request));
  const round = bestRound({ target, draft, acceptance: accepted }, {
    batch,
    context: context + answer / 2,
  });
  const decoding = alone!.latency - alone!.timeToFirstToken;
  return alone!.latency /
    (alone!.timeToFirstToken + small!.timeToFirstToken + decoding / round.speedup);
}

function year(system: string): number {
  return findSystem(system).year!;
}

/** What verifying five tokens moves, over what one moves. */
function passes({ model, hardware }: Catalog, name: string, batch: number): number {
  const deployment = { model: model(name), hardware: hardware("nvidia-b200") };
  return verification(deployment, { batch, context }, 5).bytes;
}
