import { findModel } from "../catalog/mod.ts";
import {
  distinctPrefixTokens,
  prefixSharingBlocks,
  servePrompts,
  simulatePaging,
  simulateReservation,
  tokensPerPage,
  worthwhileCategories,
} from "../paging/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";

const requests = Array.from({ length: 8 }, (_, i) => ({ prompt: 20 + i, output: 30 }));
const prompts = [[1, 2, 3], [7, 8, 9], [1, 2, 4], [7, 8, 5]];

/**
 * Systems of chapter 11, PagedAttention, and what models each. FlashInfer is a library of kernels
 * that others are measured against.
 */
export const chapter11Systems: Readonly<Record<string, ModeledSystem>> = {
  "vllm": modeled(simulatePaging, (run) => run(requests, { places: 160 })),
  "pagedattention": modeled(prefixSharingBlocks, (run) => run(100, [20, 20, 20])),
  "sglang": modeled(servePrompts, (run) => run(prompts, { capacity: 3, order: "longest prefix" })),
  "radixattention": modeled(distinctPrefixTokens, (run) => run(prompts)),
  "vattention": modeled(tokensPerPage, (run) => run(findModel("llama-3.1-8b"), 2 ** 21)),
  "category-semantic-caching": modeled(
    worthwhileCategories,
    (run) =>
      run(
        [{ share: 0.75, hitRate: 0.5, model: 0.2 }, { share: 0.25, hitRate: 0.1, model: 0.2 }],
        0.002,
      ),
  ),
  "contiguous-kv-allocation": modeled(simulateReservation, (run) =>
    run(requests, {
      places: 160,
      policy: "maximum",
      maximum: 64,
    })),
};
