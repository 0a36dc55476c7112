import { assertEquals, assertThrows } from "@std/assert";
import { convolveKeys } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { assertClose, matrixOf, published, randomMatrix } from "./support.ts";

Deno.test("convolveKeys() is a causal depthwise conv1d, SiLU and a residual", () => {
  const { k, w, o } = published.convolution;
  assertClose(convolveKeys(matrixOf(3, k), matrixOf(3, w)), matrixOf(3, o), 2e-6);
});

Deno.test("a key depends on no later one, and on as many earlier ones as there are weights", () => {
  const [keys, weights] = [randomMatrix(9, 2, 1), randomMatrix(3, 2, 2)];
  const before = convolveKeys(keys, weights);
  keys.row(4)[0]! += 1;
  const after = convolveKeys(keys, weights);
  const changed = before.toRows().flatMap((row, i) => row[0] === after.get(i, 0) ? [] : [i]);
  assertEquals(changed, [4, 5, 6]);
});

Deno.test("weights of another width, or none, are refused", () => {
  assertThrows(() => convolveKeys(Matrix.zeros(2, 3), Matrix.zeros(2, 4)), TypeError, "3 and 4");
  assertThrows(() => convolveKeys(Matrix.zeros(2, 3), Matrix.zeros(0, 3)), RangeError, "weights");
});
