import { assert, assertEquals, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { ProgressiveCache, splitBits } from "@fewer-bytes/cache";
import {
  drive,
  headDimension,
  largestDifference,
  maskedResult,
  maskedShares,
  model,
  queryHeads,
  randomTokens,
  type Tokens,
} from "./drive.ts";

/** The tokens with keys rounded head by head. */
function rounded(
  tokens: Tokens,
  part: "high" | "all",
  bits: { high: number; low: number },
): Tokens {
  const keys = tokens.keys.map((matrix) =>
    Matrix.from(
      matrix.toRows().map((row) =>
        [0, headDimension].flatMap((start) => [
          ...splitBits(Float32Array.from(row.slice(start, start + headDimension)), bits)[part],
        ])
      ),
    )
  );
  return { ...tokens, keys };
}

for (const threshold of [0, 0.4, 1]) {
  Deno.test(`ProgressiveCache attends by the high bits, and by all where no share reaches ${threshold}`, () => {
    const bits = { high: 3, low: 5 };
    const tokens = randomTokens(24, 1);
    const cache = new ProgressiveCache(model, { ...bits, threshold });
    const seen = drive(cache, tokens);
    const [high, all] = [rounded(tokens, "high", bits), rounded(tokens, "all", bits)];
    let doubted = 0;
    for (let layer = 0; layer < 3; layer++) {
      for (let token = 0; token < 24; token++) {
        const groups = new Set<number>();
        for (let head = 0; head < queryHeads; head++) {
          const shares = maskedShares(high, layer, head, () => true).row(token);
          const doubt = Math.max(...shares) < threshold;
          if (doubt) groups.add(Math.floor(head / 3));
          doubted += Number(doubt);
          const expected = maskedResult(doubt ? all : high, layer, head, () => true)[token]!;
          assert(largestDifference(seen[layer]![token]![head]!.result, expected) < 1e-4);
        }
        // Of each key 3 bits and of its scale 16, of each value 32 a number; 5 bits more where a head of the group doubts.
        const first = (token + 1) * 2 * (4 * 3 / 8 + 2 + 16);
        const written = 2 * (4 * 8 / 8 + 2 + 16);
        const more = groups.size * (token + 1) * 4 * 5 / 8;
        assertEquals(seen[layer]![token]![0]!.traffic, first + written + more);
      }
    }
    assertEquals(cache.doubted, doubted / (3 * 24 * queryHeads));
    assertEquals(cache.bytes, 3 * 24 * 2 * (4 * 8 / 8 + 2 + 16));
  });
}

Deno.test("ProgressiveCache refuses a threshold that is no share", () => {
  const make = (threshold: number) => () =>
    new ProgressiveCache(model, { high: 4, low: 4, threshold });
  assertThrows(make(1.5), RangeError, "threshold must be from 0 to 1: current value is 1.5");
  assertThrows(make(NaN), RangeError, "threshold");
  assertEquals(make(0.5)().doubted, 0);
});
