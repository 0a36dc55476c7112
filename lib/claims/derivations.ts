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
];

/** Claims that are only cited, with the reason. */
export const citations: readonly Citation[] = [
  ...chapter02Citations,
  ...chapter03Citations,
  ...chapter04Citations,
  ...chapter05Citations,
];
