import { assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  inputStatistics,
  outputError,
  roundExceptChannels,
  roundToNearest,
  salientChannels,
} from "@fewer-bytes/quantization";
import { randomMatrix } from "./support.ts";

const grid = { bits: 3, symmetric: false, groupSize: 20 } as const;

Deno.test("roundExceptChannels() keeps the chosen channels to the last bit and rounds all others as if nothing were kept", () => {
  const matrix = randomMatrix(1, 4, 40);
  const nearest = roundToNearest(matrix, grid);
  const kept = roundExceptChannels(matrix, [3, 17], grid);
  kept.data.forEach((value, at) => {
    assertEquals(value, ([3, 17].includes(at % 40) ? matrix : nearest).data[at]);
  });
  assertEquals(roundExceptChannels(matrix, [], grid).data, nearest.data);
});

Deno.test("keeping 2 % of the channels by their activations undoes most of the error; by their weights, next to nothing", () => {
  const matrix = randomMatrix(1, 32, 100);
  const x = randomMatrix(2, 60, 100).map((value, at) =>
    at % 100 === 31 || at % 100 === 77 ? 30 * value : value
  );
  const statistics = inputStatistics(x);
  const sizes = Array.from(
    matrix.transpose().map(Math.abs).toRows(),
    (row) => row.reduce((a, b) => a + b),
  );
  const error = (channels: number[]) =>
    outputError(matrix, roundExceptChannels(matrix, channels, grid), statistics);
  const byActivation = salientChannels(statistics.meanAbsolute, 0.02);
  assertEquals(byActivation.toSorted((a, b) => a - b), [31, 77]);
  const byWeight = salientChannels(sizes, 0.02);
  assertLess(error(byActivation), 0.2 * error([]));
  assertLess(0.9 * error([]), error(byWeight));
});

Deno.test("salientChannels() gives one channel at least, all for a share of 1, and refuses a share of 0", () => {
  assertEquals(salientChannels([1, 3, 2], 0.01), [1]);
  assertEquals(salientChannels([1, 3, 2], 1), [1, 2, 0]);
  for (const share of [0, -1, 1.1, NaN]) {
    assertThrows(() => salientChannels([1, 2], share), RangeError, `current value is ${share}`);
  }
  assertThrows(
    () => roundExceptChannels(randomMatrix(1, 2, 20), [20], grid),
    RangeError,
    "Cannot address",
  );
});
