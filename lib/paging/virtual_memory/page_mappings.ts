import type { Model } from "../../catalog/mod.ts";
import {
  type Bytes,
  requireAtLeast,
  requireInteger,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";
import { cacheBuffers, type PageOptions, tokensPerPage } from "./tokens_per_page.ts";

/** A batch whose caches lie in virtual memory. */
export interface MappedBatch extends Omit<PageOptions, "buffers"> {
  readonly model: Model;
  readonly pageBytes: Bytes;
  /** Sequences that decode together. */
  readonly batch: number;
  /** The longest sequence: address space is reserved for it, but no memory. */
  readonly maximum: Tokens;
  /** What mapping one page takes. */
  readonly secondsPerPage: Seconds;
}

/** What the driver has to do. */
export interface PageMappings {
  /** Tokens that a page holds: the block size of virtual memory. */
  readonly tokensPerPage: Tokens;
  /** Pages to be mapped in a decode step, on average. */
  readonly pagesPerStep: number;
  /** Time for them, on average: it is hidden when they are mapped while the step before computes. */
  readonly secondsPerStep: Seconds;
  /** Time when a sequence begins a new page: one for every buffer at once. */
  readonly secondsAtOnce: Seconds;
  /** Bytes of address space, of which a process has 2^47. */
  readonly addressSpace: Bytes;
  /** The most that one sequence can leave empty: all but one token of a page, in every buffer. */
  readonly wasteBelow: Bytes;
}

/**
 * Contiguous caches, without reserving memory for them: what must the driver do?
 *
 * Kernels need no block table then. The price: a page is mapped for every buffer whenever a sequence outgrows one, by calls
 * that take microseconds each, and what is left empty is a page for each buffer and not a block. Small pages waste little
 * and must be mapped often; large ones the reverse. (Prabhu et al. 2024, vAttention.)
 *
 * @throws {RangeError} when a number is out of range, or a page holds no whole token.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { pageMappings } from "@fewer-bytes/paging";
 *
 * const batch = { model: findModel("llama-3.1-8b"), batch: 32, maximum: 131_072, secondsPerPage: 40e-6 };
 * const large = pageMappings({ ...batch, pageBytes: 2 ** 21 });
 * assertEquals(large.pagesPerStep, 2); // 64 buffers of 32 sequences, every 1,024 steps
 * assertEquals(pageMappings({ ...batch, pageBytes: 2 ** 16 }).pagesPerStep, 64);
 * ```
 */
export function pageMappings(mapped: MappedBatch): PageMappings {
  const { model, pageBytes, batch, maximum, secondsPerPage } = mapped;
  const action = "map pages";
  requireInteger(batch, 1, action, "batch");
  requireInteger(maximum, 1, action, "maximum");
  requireAtLeast(secondsPerPage, 0, action, "secondsPerPage");
  const tokens = tokensPerPage(model, pageBytes, mapped);
  requireAtLeast(tokens, 1, action, "tokens in a page");
  const { buffers, rowBytes } = cacheBuffers(model, mapped);
  const pagesPerStep = batch * buffers / tokens;
  return {
    tokensPerPage: tokens,
    pagesPerStep,
    secondsPerStep: pagesPerStep * secondsPerPage,
    secondsAtOnce: buffers * secondsPerPage,
    addressSpace: batch * buffers * Math.ceil(maximum / tokens) * pageBytes,
    wasteBelow: buffers * (pageBytes - rowBytes),
  };
}
