import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { composeBlock, composeSigns, decomposeSigns } from "@fewer-bytes/quantization";

Deno.test("decomposeSigns() errs as BitStack's own code does, level by level", () => {
  // BitStackLinear.from_linear(linear, w_bit=4, k=2) of github.com/xinghaow99/BitStack, PyTorch on a CPU, its triton
  // import stubbed; torch.manual_seed(7), randn(6, 8) times linspace(0.3, 2, 8), rounded to two decimals.
  // deno-fmt-ignore
  const rows = [
    [-0.25, 0.21, 0.71, -1.43, -0.21, 0.43, -1.13, -1.79],
    [0.28, -0.29, -0.91, -0.47, 0.9, 1.53, 0.4, 2.18],
    [-0.47, -0.18, 1.51, -0.34, 0.25, 1.18, 1.83, -1.45],
    [-0.06, -0.12, -1.43, -0.36, -2.62, 1.02, -2.33, -2.72],
    [-0.03, -0.01, 0.14, 2.36, 1.22, -1.0, -1.46, -1.21],
    [-0.42, 0.7, 1.29, -1.09, -0.33, -0.38, 0.88, 0.52],
  ];
  const errors = [2.56085, 0.87717, 0.19444, 0.05945];
  // deno-fmt-ignore
  const second = [
    [-0.317, 0.282, 0.855, -1.386, -0.356, 0.451, -0.879, -1.523],
    [0.282, -0.104, -0.998, -0.499, 0.612, 1.47, 0.526, 2.108],
    [-0.445, -0.38, 1.477, -0.431, 0.447, 1.352, 1.769, -1.287],
    [-0.094, -0.08, -1.352, -0.378, -2.466, 1.117, -2.436, -2.575],
    [-0.021, -0.011, 0.092, 2.375, 1.111, -1.008, -1.479, -1.129],
    [-0.43, 0.53, 1.198, -1.116, -0.005, -0.44, 0.781, 0.688],
  ];
  const { blocks, errors: squares } = decomposeSigns(Matrix.from(rows), 2, 4);
  // They subtract the vectors before, we after rounding them to 16 bits; so late levels may differ a little.
  errors.forEach((error, level) => assertAlmostEquals(Math.sqrt(squares[level + 1]!), error, 2e-3));
  composeSigns(blocks.slice(0, 2)).data.forEach((value, i) =>
    assertAlmostEquals(value, second.flat()[i]!, 4e-3)
  );
  assertEquals(blocks[0]!.bytes, 62); // memory_per_bit() of the same
});

Deno.test("decomposeSigns() says the error of each first few blocks, and it falls", () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 3 }), (seed, rank) => {
      const random = seeded(seed);
      const matrix = Matrix.zeros(7, 9).map(() => random.normal());
      const { blocks, errors } = decomposeSigns(matrix, rank, 4);
      assertEquals([blocks.length, errors.length], [4, 5]);
      for (let count = 1; count <= 4; count++) {
        const composed = composeSigns(blocks.slice(0, count));
        const left = matrix.data.reduce((sum, v, i) => sum + (v - composed.data[i]!) ** 2, 0);
        assertAlmostEquals(left, errors[count]!, 1e-9);
        assert(errors[count]! < errors[count - 1]!);
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("composeSigns() adds blocks up, and leaves them as they were", () => {
  const { blocks } = decomposeSigns(Matrix.from([[1, -2], [3, 5]]), 1, 2);
  const [a, b] = blocks.map((block) => composeBlock(block).data);
  const both = composeSigns(blocks);
  both.data.forEach((value, i) => assertAlmostEquals(value, a![i]! + b![i]!, 1e-12));
  assertEquals(composeSigns(blocks), both);
});

Deno.test("decomposeSigns() and composeSigns() refuse what they cannot do", () => {
  assertThrows(() => decomposeSigns(Matrix.from([[1]]), 1, 0), RangeError, "levels");
  assertThrows(() => decomposeSigns(Matrix.from([[1]]), 2, 1), RangeError, "rank");
  assertThrows(() => composeSigns([]), RangeError, "at least one block");
});
