import { chapter01Decode } from "./chapter_01_decode.ts";
import { chapter01Hardware } from "./chapter_01_hardware.ts";
import { chapter01Phases } from "./chapter_01_phases.ts";
import { chapter02Cache } from "./chapter_02_cache.ts";
import { chapter02Citations, chapter02LongContext } from "./chapter_02_long_context.ts";
import { chapter03Bits, chapter03Citations } from "./chapter_03_bits.ts";
import { chapter03Formats } from "./chapter_03_formats.ts";
import { chapter03Grids } from "./chapter_03_grids.ts";
import { chapter03Packing } from "./chapter_03_packing.ts";
import { chapter04Compensation } from "./chapter_04_compensation.ts";
import { chapter04Citations, chapter04Rotations } from "./chapter_04_rotations.ts";
import { chapter04Scales } from "./chapter_04_scales.ts";
import { chapter04Serving } from "./chapter_04_serving.ts";
import { chapter05Citations, chapter05Sparsity } from "./chapter_05_sparsity.ts";
import { chapter06Latent } from "./chapter_06_latent.ts";
import { chapter06Citations, chapter06States } from "./chapter_06_states.ts";
import { chapter07Citations, chapter07Fused } from "./chapter_07_fused.ts";
import { chapter07Softmax } from "./chapter_07_softmax.ts";
import { chapter07Traffic } from "./chapter_07_traffic.ts";
import { chapter08Bits } from "./chapter_08_bits.ts";
import { chapter08Inputs } from "./chapter_08_inputs.ts";
import { chapter08Citations, chapter08Tokens } from "./chapter_08_tokens.ts";
import { chapter09Choices } from "./chapter_09_choices.ts";
import { chapter09Citations, chapter09Patterns } from "./chapter_09_patterns.ts";
import { chapter10Coupling } from "./chapter_10_coupling.ts";
import { chapter10Hierarchy } from "./chapter_10_hierarchy.ts";
import { chapter10Citations, chapter10Speed } from "./chapter_10_speed.ts";
import { chapter11BlockCitations, chapter11Blocks } from "./chapter_11_blocks.ts";
import { chapter11PrefixCitations, chapter11Prefixes } from "./chapter_11_prefixes.ts";
import { chapter12Batches } from "./chapter_12_batches.ts";
import { chapter12Layers } from "./chapter_12_layers.ts";
import { chapter13Layers } from "./chapter_13_layers.ts";
import { chapter13Phases } from "./chapter_13_phases.ts";
import { chapter14Nodes } from "./chapter_14_nodes.ts";
import { chapter14Tiers } from "./chapter_14_tiers.ts";
import { chapter15Assignment } from "./chapter_15_assignment.ts";
import { chapter15HeadlineCitations, chapter15Headlines } from "./chapter_15_headlines.ts";
import { chapter15Inside, chapter15InsideCitations } from "./chapter_15_inside.ts";
import { chapter16Experts } from "./chapter_16_experts.ts";
import { chapter16Neurons } from "./chapter_16_neurons.ts";
import { chapter16Storage } from "./chapter_16_storage.ts";
import { chapter17Memories, chapter17MemoryCitations } from "./chapter_17_memories.ts";
import { chapter17MixtureCitations, chapter17Mixtures } from "./chapter_17_mixtures.ts";
import { chapter18ActivationCitations, chapter18Activations } from "./chapter_18_activations.ts";
import { chapter18LinkCitations, chapter18Links } from "./chapter_18_links.ts";
import { chapter18StateCitations, chapter18States } from "./chapter_18_states.ts";
import type { Citation, Derivation } from "./derivation.ts";

/** Every derivation, chapter by chapter. A new chapter adds its lists here, and its claims appear in the ledger. */
export const derivations: readonly Derivation[] = [
  ...chapter01Hardware,
  ...chapter01Phases,
  ...chapter01Decode,
  ...chapter02Cache,
  ...chapter02LongContext,
  ...chapter03Grids,
  ...chapter03Formats,
  ...chapter03Bits,
  ...chapter03Packing,
  ...chapter04Scales,
  ...chapter04Compensation,
  ...chapter04Rotations,
  ...chapter04Serving,
  ...chapter05Sparsity,
  ...chapter06Latent,
  ...chapter06States,
  ...chapter07Softmax,
  ...chapter07Traffic,
  ...chapter07Fused,
  ...chapter08Bits,
  ...chapter08Inputs,
  ...chapter08Tokens,
  ...chapter09Patterns,
  ...chapter09Choices,
  ...chapter10Coupling,
  ...chapter10Speed,
  ...chapter10Hierarchy,
  ...chapter11Blocks,
  ...chapter11Prefixes,
  ...chapter12Batches,
  ...chapter12Layers,
  ...chapter13Phases,
  ...chapter13Layers,
  ...chapter14Tiers,
  ...chapter14Nodes,
  ...chapter15Inside,
  ...chapter15Assignment,
  ...chapter15Headlines,
  ...chapter16Neurons,
  ...chapter16Experts,
  ...chapter16Storage,
  ...chapter17Mixtures,
  ...chapter17Memories,
  ...chapter18Activations,
  ...chapter18States,
  ...chapter18Links,
];

/** Claims that are only cited, with the reason. */
export const citations: readonly Citation[] = [
  ...chapter02Citations,
  ...chapter03Citations,
  ...chapter04Citations,
  ...chapter05Citations,
  ...chapter06Citations,
  ...chapter07Citations,
  ...chapter08Citations,
  ...chapter09Citations,
  ...chapter10Citations,
  ...chapter11BlockCitations,
  ...chapter11PrefixCitations,
  ...chapter15InsideCitations,
  ...chapter15HeadlineCitations,
  ...chapter17MixtureCitations,
  ...chapter17MemoryCitations,
  ...chapter18ActivationCitations,
  ...chapter18StateCitations,
  ...chapter18LinkCitations,
];
