import { chapter01Decode } from "./chapter_01_decode.ts";
import { chapter01Hardware } from "./chapter_01_hardware.ts";
import { chapter01Phases } from "./chapter_01_phases.ts";
import { chapter02Cache } from "./chapter_02_cache.ts";
import { chapter02Citations, chapter02LongContext } from "./chapter_02_long_context.ts";
import type { Citation, Derivation } from "./derivation.ts";

/** Every derivation, chapter by chapter. A new chapter adds its lists here, and its claims appear in the ledger. */
export const derivations: readonly Derivation[] = [
  ...chapter01Hardware,
  ...chapter01Phases,
  ...chapter01Decode,
  ...chapter02Cache,
  ...chapter02LongContext,
];

/** Claims that are only cited, with the reason. */
export const citations: readonly Citation[] = [...chapter02Citations];
