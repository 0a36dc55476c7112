import { requireInteger, type Tokens } from "../../units/mod.ts";
import type { RequestLengths } from "./request_lengths.ts";

/**
 * How much contiguous memory is set aside for an answer whose length nobody knows?
 *
 * - "maximum": the longest sequence that the model can have.
 * - "power of two": the prompt, and the output rounded up to a power of two: as if it were known within a factor of two.
 * - "oracle": exactly what it will be, which is infeasible.
 */
export type ReservationPolicy = "maximum" | "power of two" | "oracle";

/**
 * Places that a policy reserves for a request, before the allocator rounds them. (Kwon et al. 2023, section 6.1.)
 *
 * @param maximum The longest sequence that is served.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reservedTokens } from "@fewer-bytes/paging";
 *
 * const request = { prompt: 100, output: 25 };
 * assertEquals(reservedTokens(request, "maximum", 2048), 2048);
 * assertEquals(reservedTokens(request, "power of two", 2048), 132);
 * assertEquals(reservedTokens(request, "oracle", 2048), 125);
 * ```
 */
export function reservedTokens(
  { prompt, output }: RequestLengths,
  policy: ReservationPolicy,
  maximum: Tokens,
): Tokens {
  requireInteger(prompt, 1, "reserve memory", "the prompt");
  requireInteger(output, 1, "reserve memory", "the output");
  if (!(prompt + output <= maximum)) {
    throw new RangeError(
      `Cannot reserve memory as prompt and output must be <= ${maximum}: current value is ${
        prompt + output
      }`,
    );
  }
  if (policy === "maximum") return maximum;
  if (policy === "oracle") return prompt + output;
  return Math.min(maximum, prompt + 2 ** Math.ceil(Math.log2(output)));
}
