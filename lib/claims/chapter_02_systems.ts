import qwen3Config from "../../data/models/qwen3-235b-a22b.json" with { type: "json" };
import { findHardware, findModel, fromHuggingFaceConfig } from "../catalog/mod.ts";
import { estimate, footprint } from "../roofline/mod.ts";
import { cacheBytes, operators } from "../transformer/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { decode, onH100, qwen3 } from "./small_examples.ts";

/** Systems of chapter 02, transformer arithmetic, and what models each. */
export const chapter02Systems: Readonly<Record<string, ModeledSystem>> = {
  "gpt-3": modeled(
    footprint,
    (run) => run(onH100("gpt-3-175b"), { promptTokens: 256, outputTokens: 256 }),
  ),
  "qwen3-8b": modeled(operators, (run) => run(qwen3, decode)),
  "long-context-peak-analysis": modeled(
    estimate,
    (run) =>
      run({
        model: findModel("yi-34b"),
        hardware: findHardware("nvidia-a100-sxm-80gb"),
        devices: 2,
      }, { promptTokens: 50_000, outputTokens: 100 }),
  ),
  "llama-family": modeled(findModel, (run) => run("llama-2-7b")),
  // the catalog lacks some members, such as Qwen3-4B; what is modeled is the architecture, from any configuration of it
  "qwen-gemma-family": modeled(fromHuggingFaceConfig, (run) => run(qwen3Config)),
  "kv-cache": modeled(cacheBytes, (run) => run(qwen3, 1_000_000)),
};
