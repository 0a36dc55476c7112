import { assert, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  attendPiece,
  emptyPart,
  finishPart,
  mergeParts,
  plainAttention,
  splitDecode,
} from "@fewer-bytes/attention";
import { anySizes, distance, randomInputs, wideInputs } from "./random_inputs.ts";

Deno.test("splitDecode() gives plain attention's answer for any number of pieces, even more than keys", () => {
  fc.assert(
    fc.property(anySizes, fc.integer({ min: 1, max: 40 }), fc.nat(999), (sizes, splits, seed) => {
      const inputs = wideInputs(randomInputs({ ...sizes, queries: 1 }, seed));
      const { output } = splitDecode(inputs.queries.row(0), inputs.keys, inputs.values, splits);
      assert(distance(output, plainAttention(inputs).data) < 1e-12);
    }),
  );
});

Deno.test("parts merged in any order give the same answer", () => {
  fc.assert(fc.property(anySizes, fc.nat(999), (sizes, seed) => {
    const { queries, keys, values } = wideInputs(randomInputs({ ...sizes, queries: 1 }, seed));
    const query = queries.row(0);
    const one = (matrix: Matrix<Float64Array>, j: number) =>
      new Matrix(1, matrix.columns, matrix.row(j));
    const parts = Array.from(
      { length: sizes.keys },
      (_, j) => attendPiece(query, one(keys, j), one(values, j)),
    );
    const shuffled = seeded(seed).shuffle(parts);
    const merged = shuffled.reduce(mergeParts, emptyPart(sizes.valueWidth));
    const expected = finishPart(attendPiece(query, keys, values)).output;
    assert(distance(finishPart(merged).output, expected) < 1e-12);
  }));
});

Deno.test("splitDecode() refuses no pieces, and a query of another width", () => {
  const { keys, values } = randomInputs({ queries: 1, keys: 3, width: 4, valueWidth: 2 });
  assertThrows(() => splitDecode(new Float32Array(4), keys, values, 0), RangeError, "pieces");
  assertThrows(() => splitDecode(new Float32Array(3), keys, values, 1), TypeError, "3 and 4");
});
