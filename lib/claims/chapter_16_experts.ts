import {
  bytesPerValue,
  findHardware,
  findMemory,
  fromHuggingFaceConfig,
  type GroupedFormat,
  type Hardware,
} from "../catalog/mod.ts";
import { type ExpertDecode, expertDecode, hitsFor } from "../offload/mod.ts";
import { feedForwardParameters, parameters } from "../transformer/mod.ts";
import { once } from "../units/mod.ts";
import { type Derivation, derive, type HowToDerive } from "./derivation.ts";
import { shown } from "./measures.ts";

/** The shapes in the model card of SmallThinker (SJTU-IPADS/SmallThinker), with experts as Qwen3-MoE has them. */
const smallThinker = (large: boolean) =>
  fromHuggingFaceConfig({
    model_type: "qwen3_moe",
    vocab_size: 151_936,
    hidden_size: large ? 2560 : 1536,
    num_hidden_layers: large ? 52 : 32,
    num_attention_heads: large ? 28 : 12,
    num_key_value_heads: large ? 4 : 2,
    head_dim: 128,
    num_experts: large ? 64 : 32,
    num_experts_per_tok: large ? 6 : 4,
    moe_intermediate_size: 768,
    intermediate_size: 768,
    decoder_sparse_step: 1,
    mlp_only_layers: [],
    max_position_embeddings: 16_384,
    tie_word_embeddings: !large,
  }, `SmallThinker ${large ? "21B-A3B" : "4B-A0.6B"}`);
const large = smallThinker(true);
const small = smallThinker(false);

/** A desktop computer with two channels of DDR5-5600, whose arithmetic is an estimate and never the bound. */
export const consumerCpu = once((): Hardware => ({
  ...findHardware("amd-epyc-9654"),
  id: "desktop",
  name: "a desktop CPU",
  peak: { fp32: 1.5e12, bf16: 1.5e12, fp16: 1.5e12 },
  memory: [{ name: "DDR5-5600, two channels", capacity: 64e9, bandwidth: 89.6e9 }],
}));
/** Q4_0: 4 bits, and a scale of 16 for each 32 weights. */
const q4: GroupedFormat = { format: "int4", groupSize: 32, scaleBits: 16 };
const gibibyte = 2 ** 30;
const room = (model: typeof large) => (model === large ? 8 : 1) * gibibyte;
const computer =
  "published shapes in Q4_0, 4.5 bits a weight; a desktop with 89.6 GB/s of memory and a drive of 7.45 GB/s, eight reads at once; 500 tokens of context";

/** Chapter 16, SmallThinker: experts that come from a drive. */
export const chapter16Experts: readonly Derivation[] = [
  derive("d-smallthinker-20-tok-s", {
    assumptions: () => [
      `${computer}; the slower of the two models, in the memory that the claim names, 8 GiB and 1 GiB, each expert wanted as often as any other`,
      `measured are 20.3 for the large one in 8 GB: that asks for ${
        shown(100 * hitsFor(1 / 20.3, deployment(large), 500, storedIn(large))!)
      } % of the wanted experts in memory, while ${
        shown(100 * decode(large).resident)
      } % of all are there, so the text has favorites`,
    ],
    by: [expertDecode, hitsFor],
    relation: "at least",
    derived: () => Math.min(...[large, small].map((model) => decode(model).tokensPerSecond)),
    otherwise: {
      condition: () =>
        `all experts lie in memory, ${shown(weightsOf(large) / 1e9)} GB and ${
          shown(weightsOf(small) / 1e9)
        } GB`,
      derived: () => Math.min(...[large, small].map((model) => 1 / decode(model).inMemory)),
    },
  }),
  derive("d-smallthinker-4b-1gb", fits(small)),
  derive("d-smallthinker-21b-8gb", fits(large)),
  derive("d-smallthinker-active-share", {
    assumptions: () => [
      `published shapes; what a token multiplies with over all, embeddings and head aside: ${
        shown(activeShare(small))
      } % of the small model and ${
        shown(activeShare(large))
      } % of the large one, of which the mean`,
      `with embeddings and head ${shown(activeShare(small, true))} and ${
        shown(activeShare(large, true))
      } %`,
    ],
    by: [parameters],
    derived: () => (activeShare(small) + activeShare(large)) / 2,
  }),
  derive("d-smallthinker-prefetch-hides", {
    assumptions: () => [
      `${computer}; the large model in 8 GiB, each expert wanted as often as any other`,
      `a token waits ${
        shown(1e3 * decode(large).loading)
      } ms for the drive, of which attention hides ${
        shown(1e3 * (decode(large).loading - decode(large).exposed))
      } ms: attention of one token is short`,
      "the model card itself measures 30.2 tokens a second in memory and 20.3 with a drive, so not all is hidden",
    ],
    by: [expertDecode],
    relation: "at least",
    proxy: {
      computes: "what attention hides of the reading of experts",
      unit: "of the reading",
      threshold: 0.9,
    },
    derived: () => hidden(decode(large)),
    otherwise: {
      condition: "19 of 20 wanted experts are found in memory",
      derived: () => hidden(decode(large, 0.95)),
    },
  }),
];

function deployment(model: typeof large) {
  return {
    model,
    hardware: consumerCpu(),
    formats: { weights: q4, cache: "fp16", activations: "fp16" },
  } as const;
}

function storedIn(model: typeof large) {
  return {
    drive: findMemory("samsung-990-pro"),
    depth: 8,
    memory: room(model),
    routed: "before attention",
  } as const;
}

function decode(model: typeof large, hits?: number): ExpertDecode {
  const stored = storedIn(model);
  return expertDecode(deployment(model), 500, hits === undefined ? stored : { ...stored, hits });
}

function weightsOf(model: typeof large): number {
  return parameters(model).total * bytesPerValue(q4);
}

/** What every token needs: all but the experts. */
function leastMemory(model: typeof large): number {
  const experts = model.layers.reduce((sum, { count, feedForward }) => {
    if (feedForward.kind !== "experts") return sum;
    return sum + count * feedForward.experts * feedForwardParameters(model, feedForward).expert;
  }, 0);
  return weightsOf(model) - experts * bytesPerValue(q4);
}

function fits(model: typeof large): HowToDerive {
  return {
    assumptions: () => [
      "published shape in Q4_0, 4.5 bits a weight with its scales; weights alone, in GB of 10⁹",
      `with so much memory ${
        shown(100 * decode(model).residentWeights)
      } % of the weights are held, and the others are read when they are wanted`,
    ],
    by: [parameters, expertDecode],
    relation: "at most",
    derived: () => weightsOf(model) / 1e9,
    otherwise: {
      condition: "experts may stay on the drive: what every token needs must fit",
      derived: () => leastMemory(model) / 1e9,
    },
  };
}

/** In percent. */
function activeShare(model: typeof large, embeddings = false): number {
  const { total, active, embedding, head } = parameters(model);
  return 100 * (embeddings ? active : active - embedding - head) / total;
}

function hidden({ loading, exposed }: ExpertDecode): number {
  return 1 - exposed / loading;
}
