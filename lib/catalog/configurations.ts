// One import for each configuration in data/models: the library reads no files, so its data arrives as modules.
import deepseekV2 from "../../data/models/deepseek-v2.json" with { type: "json" };
import deepseekV2Lite from "../../data/models/deepseek-v2-lite.json" with { type: "json" };
import deepseekV3 from "../../data/models/deepseek-v3.json" with { type: "json" };
import falcon_40b from "../../data/models/falcon-40b.json" with { type: "json" };
import falcon_7b from "../../data/models/falcon-7b.json" with { type: "json" };
import gemma_2_27b from "../../data/models/gemma-2-27b.json" with { type: "json" };
import gemma_2_2b from "../../data/models/gemma-2-2b.json" with { type: "json" };
import gemma_2_9b from "../../data/models/gemma-2-9b.json" with { type: "json" };
import gemma_3_1b from "../../data/models/gemma-3-1b.json" with { type: "json" };
import gemma_3_27b from "../../data/models/gemma-3-27b.json" with { type: "json" };
import gemma_3_4b from "../../data/models/gemma-3-4b.json" with { type: "json" };
import gpt_3_175b from "../../data/models/gpt-3-175b.json" with { type: "json" };
import gptOss_120b from "../../data/models/gpt-oss-120b.json" with { type: "json" };
import gptOss_20b from "../../data/models/gpt-oss-20b.json" with { type: "json" };
import gpt2 from "../../data/models/gpt2.json" with { type: "json" };
import gpt2Xl from "../../data/models/gpt2-xl.json" with { type: "json" };
import llama_2_13b from "../../data/models/llama-2-13b.json" with { type: "json" };
import llama_2_70b from "../../data/models/llama-2-70b.json" with { type: "json" };
import llama_2_7b from "../../data/models/llama-2-7b.json" with { type: "json" };
import llama_3_1_405b from "../../data/models/llama-3.1-405b.json" with { type: "json" };
import llama_3_1_70b from "../../data/models/llama-3.1-70b.json" with { type: "json" };
import llama_3_1_8b from "../../data/models/llama-3.1-8b.json" with { type: "json" };
import llama_3_2_1b from "../../data/models/llama-3.2-1b.json" with { type: "json" };
import llama_3_2_3b from "../../data/models/llama-3.2-3b.json" with { type: "json" };
import mistral_7bV0_1 from "../../data/models/mistral-7b-v0.1.json" with { type: "json" };
import mistral_7bV0_3 from "../../data/models/mistral-7b-v0.3.json" with { type: "json" };
import mixtral_8x22b from "../../data/models/mixtral-8x22b.json" with { type: "json" };
import mixtral_8x7b from "../../data/models/mixtral-8x7b.json" with { type: "json" };
import opt_125m from "../../data/models/opt-125m.json" with { type: "json" };
import opt_13b from "../../data/models/opt-13b.json" with { type: "json" };
import opt_175b from "../../data/models/opt-175b.json" with { type: "json" };
import opt_30b from "../../data/models/opt-30b.json" with { type: "json" };
import opt_6_7b from "../../data/models/opt-6.7b.json" with { type: "json" };
import opt_66b from "../../data/models/opt-66b.json" with { type: "json" };
import phi_3Medium_4k from "../../data/models/phi-3-medium-4k.json" with { type: "json" };
import phi_3Mini_4k from "../../data/models/phi-3-mini-4k.json" with { type: "json" };
import qwen2_5_0_5b from "../../data/models/qwen2.5-0.5b.json" with { type: "json" };
import qwen2_5_72b from "../../data/models/qwen2.5-72b.json" with { type: "json" };
import qwen2_5_7b from "../../data/models/qwen2.5-7b.json" with { type: "json" };
import qwen3_0_6b from "../../data/models/qwen3-0.6b.json" with { type: "json" };
import qwen3_235bA22b from "../../data/models/qwen3-235b-a22b.json" with { type: "json" };
import qwen3_30bA3b from "../../data/models/qwen3-30b-a3b.json" with { type: "json" };
import qwen3_32b from "../../data/models/qwen3-32b.json" with { type: "json" };
import qwen3_8b from "../../data/models/qwen3-8b.json" with { type: "json" };
import smollm2_1_7b from "../../data/models/smollm2-1.7b.json" with { type: "json" };
import smollm2_135m from "../../data/models/smollm2-135m.json" with { type: "json" };
import tinyllama_1_1b from "../../data/models/tinyllama-1.1b.json" with { type: "json" };
import yi_34b from "../../data/models/yi-34b.json" with { type: "json" };

/** The configurations in data/models, as their models ship them, by file name. */
export const configurations: Readonly<Record<string, unknown>> = {
  "deepseek-v2": deepseekV2,
  "deepseek-v2-lite": deepseekV2Lite,
  "deepseek-v3": deepseekV3,
  "falcon-40b": falcon_40b,
  "falcon-7b": falcon_7b,
  "gemma-2-27b": gemma_2_27b,
  "gemma-2-2b": gemma_2_2b,
  "gemma-2-9b": gemma_2_9b,
  "gemma-3-1b": gemma_3_1b,
  "gemma-3-27b": gemma_3_27b,
  "gemma-3-4b": gemma_3_4b,
  "gpt-3-175b": gpt_3_175b,
  "gpt-oss-120b": gptOss_120b,
  "gpt-oss-20b": gptOss_20b,
  "gpt2": gpt2,
  "gpt2-xl": gpt2Xl,
  "llama-2-13b": llama_2_13b,
  "llama-2-70b": llama_2_70b,
  "llama-2-7b": llama_2_7b,
  "llama-3.1-405b": llama_3_1_405b,
  "llama-3.1-70b": llama_3_1_70b,
  "llama-3.1-8b": llama_3_1_8b,
  "llama-3.2-1b": llama_3_2_1b,
  "llama-3.2-3b": llama_3_2_3b,
  "mistral-7b-v0.1": mistral_7bV0_1,
  "mistral-7b-v0.3": mistral_7bV0_3,
  "mixtral-8x22b": mixtral_8x22b,
  "mixtral-8x7b": mixtral_8x7b,
  "opt-125m": opt_125m,
  "opt-13b": opt_13b,
  "opt-175b": opt_175b,
  "opt-30b": opt_30b,
  "opt-6.7b": opt_6_7b,
  "opt-66b": opt_66b,
  "phi-3-medium-4k": phi_3Medium_4k,
  "phi-3-mini-4k": phi_3Mini_4k,
  "qwen2.5-0.5b": qwen2_5_0_5b,
  "qwen2.5-72b": qwen2_5_72b,
  "qwen2.5-7b": qwen2_5_7b,
  "qwen3-0.6b": qwen3_0_6b,
  "qwen3-235b-a22b": qwen3_235bA22b,
  "qwen3-30b-a3b": qwen3_30bA3b,
  "qwen3-32b": qwen3_32b,
  "qwen3-8b": qwen3_8b,
  "smollm2-1.7b": smollm2_1_7b,
  "smollm2-135m": smollm2_135m,
  "tinyllama-1.1b": tinyllama_1_1b,
  "yi-34b": yi_34b,
};
