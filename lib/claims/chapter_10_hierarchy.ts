import { fromHuggingFaceConfig } from "../catalog/mod.ts";
import { decodeSeconds, hierarchySeconds, offloadedSeconds } from "../decoding/mod.ts";
import type { Deployment } from "../roofline/mod.ts";
import { cacheBytes } from "../transformer/mod.ts";
import type { Seconds } from "../units/mod.ts";
import { findClaim } from "./claim.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";

/** The smallest model of TriForce's hierarchy. */
export const llama68m = fromHuggingFaceConfig({
  model_type: "llama",
  hidden_size: 768,
  intermediate_size: 3072,
  num_hidden_layers: 2,
  num_attention_heads: 12,
  num_key_value_heads: 12,
  vocab_size: 32_000,
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: false,
}, "llama-68m");

/** How a hierarchy is run: the settings that the authors publish with their code. */
interface Setting {
  readonly device: string;
  readonly devices: number;
  readonly context: number;
  /** Tokens that the middle reads. */
  readonly budget: number;
  readonly draftLength: number;
  /** Layers whose caches lie on the host. */
  readonly layers: number;
}

const onChip: Setting = {
  device: "nvidia-a100-sxm-80gb",
  devices: 1,
  context: 124_928,
  budget: 4096,
  draftLength: 6,
  layers: 0,
};
const twoConsumer: Setting = {
  device: "nvidia-rtx-4090",
  devices: 2,
  context: 130_048,
  budget: 12_288,
  draftLength: 16,
  layers: 23,
};
const oneConsumer: Setting = {
  ...twoConsumer,
  devices: 1,
  budget: 8192,
  draftLength: 12,
  layers: 32,
};

/** What is accepted of the middle, which the authors report as more than 0.9, and of the smallest model. */
const accepted = { middle: 0.9, smallest: 0.6 };
const given = [
  `acceptance ${accepted.middle} for the middle, the least that the authors report, and ${accepted.smallest} for the smallest, which is assumed; the smallest drafts one token at a time`,
  "no launches, and the choice of what the middle reads is free",
];
/** Shares of bandwidth that are reached in practice. */
const practice = { memory: 0.7, link: 0.9 };
const host = "intel-xeon-8480plus";

/** Chapter 10, a hierarchy of drafters: TriForce. */
export const chapter10Hierarchy: readonly Derivation[] = [
  derive("d-triforce-a100-2-31x", {
    assumptions: [
      "Llama 2 7B, 124,928 tokens, the middle reads 4,096 of them and drafts 6, as a bound",
      ...given,
    ],
    by: [hierarchySeconds, decodeSeconds],
    relation: "at least",
    derived: (catalog) => plain(catalog, onChip) / token(catalog, onChip),
  }),
  derive("d-triforce-0-108s", {
    assumptions: [
      "Llama 2 7B, 130,048 tokens on two RTX 4090, the caches of 23 of 32 layers on the host; the middle reads 12,288 tokens and drafts 16",
      ...given,
    ],
    by: [hierarchySeconds, offloadedSeconds],
    derived: (catalog) => token(catalog, twoConsumer),
  }),
  derive("d-triforce-half-a100", {
    assumptions: [
      "the token of two RTX 4090 over a plain step of an A100, each context as published, nothing lost anywhere",
      ...given,
    ],
    by: [hierarchySeconds, offloadedSeconds, decodeSeconds],
    derived: (catalog) => token(catalog, twoConsumer) / plain(catalog, onChip),
    otherwise: {
      condition: "the A100 reaches 70 % of its bandwidth and the links 90 % of theirs",
      derived: (catalog) =>
        token(catalog, twoConsumer, { linkShare: practice.link }) /
        (plain(catalog, onChip) / practice.memory),
    },
  }),
  derive("d-triforce-7-78x", {
    assumptions: [
      "two RTX 4090, a plain step with 23 of 32 layers on the host against the same with the hierarchy",
      ...given,
    ],
    by: [hierarchySeconds, offloadedSeconds],
    derived: (catalog) => plain(catalog, twoConsumer) / token(catalog, twoConsumer),
    otherwise: {
      condition: "acceptance of the middle is 0.91",
      derived: (catalog) =>
        plain(catalog, twoConsumer) / token(catalog, twoConsumer, { middle: 0.91 }),
    },
  }),
  derive("d-triforce-4-86x", {
    assumptions: () => [
      "one RTX 4090, all caches on the host, the middle reads 8,192 tokens and drafts 12; the other system attends on the host, here with the eight channels of a Xeon 8480+",
      `so the claim is about the host as well: it needs one that reads its memory at no more than ${
        (hostRate(courseCatalog) / 1e9).toFixed(0)
      } GB/s`,
      ...given,
    ],
    by: [hierarchySeconds, offloadedSeconds, cacheBytes],
    relation: "at least",
    derived: (catalog) =>
      hostStep(catalog, catalog.hardware(host).memory[0].bandwidth) / token(catalog, oneConsumer),
    otherwise: {
      condition: "the host reads its memory at 32 GB/s, no faster than the link",
      derived: (catalog) => hostStep(catalog, 32e9) / token(catalog, oneConsumer),
    },
  }),
];

function deploymentOf({ model, hardware }: Catalog, { device, devices }: Setting): Deployment {
  return { model: model("llama-2-7b"), hardware: hardware(device), devices };
}

/** A plain step. */
function plain(catalog: Catalog, setting: Setting): Seconds {
  const { context, layers } = setting;
  return offloadedSeconds(deploymentOf(catalog, setting), { context }, { layers });
}

/** A token of the hierarchy. */
function token(
  catalog: Catalog,
  setting: Setting,
  { linkShare = 1, middle = accepted.middle } = {},
): Seconds {
  const { context, layers, budget, draftLength } = setting;
  const target = deploymentOf(catalog, setting);
  return hierarchySeconds(
    offloadedSeconds(target, { context }, { layers, linkShare }, draftLength + 1),
    [
      {
        seconds: decodeSeconds(target, { context: budget }, 2), // what it chose lies in a cache of its own
        acceptance: middle,
        draftLength,
      },
      {
        seconds: decodeSeconds({ ...target, model: llama68m }, { context: 256 }),
        acceptance: accepted.smallest,
        draftLength: 1,
      },
    ],
  );
}

/** A plain step of one RTX 4090 whose host attends to the cache, at a rate of its own. */
function hostStep(catalog: Catalog, bandwidth: number): Seconds {
  const target = deploymentOf(catalog, oneConsumer);
  return decodeSeconds(target, { context: 0 }) +
    cacheBytes(target.model, oneConsumer.context) / bandwidth;
}

/** The rate of a host's memory above which the gain over it is less than what is claimed. */
function hostRate(catalog: Catalog): number {
  const target = deploymentOf(catalog, oneConsumer);
  const stated = Number(findClaim("d-triforce-4-86x").stated);
  const allowed = stated * token(catalog, oneConsumer) - decodeSeconds(target, { context: 0 });
  return cacheBytes(target.model, oneConsumer.context) / allowed;
}
