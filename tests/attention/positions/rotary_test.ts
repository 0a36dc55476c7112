import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { interleavedToHalves, rotateRows } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { rotateHeads } from "../../../lib/lm/runtime/kernels.ts";
import golden from "../kinds/fixtures/golden_latent.json" with { type: "json" };
import { assertClose, randomMatrix } from "../kinds/support.ts";

const positions = fc.nat(100_000);
const pairings = fc.constantFrom("halves" as const, "interleaved" as const);
const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

// Made with the inference code that DeepSeek published: see ../kinds/fixtures/golden_latent.py.
Deno.test("rotateRows() turns neighbors as DeepSeek's code does", () => {
  const rank = golden.dimensions.keyValueRank;
  const down = Matrix.from(golden.down.slice(rank)); // the rows that make the rotary key
  const keys = Matrix.from(golden.x).multiply(down.transpose());
  const expected = Matrix.from(golden.cache.map((row) => row.slice(rank)));
  assertClose(rotateRows(keys, { pairing: "interleaved" }), expected, 1e-5);
});

Deno.test("rotateRows() turns halves as the runtime of the language models does", () => {
  const heads = 3, dimension = 8, position = 1234;
  const row = randomMatrix(1, heads * dimension, 1);
  const turned = Float32Array.from(row.data);
  rotateHeads(turned, 0, heads, dimension, position, 500_000);
  const expected = new Matrix(1, heads * dimension, turned);
  assertClose(rotateRows(row, { heads, positions: position, theta: 500_000 }), expected, 1e-6);
});

Deno.test("a score depends on the distance of query and key, and not on where they stand", () => {
  fc.assert(
    fc.property(pairings, positions, fc.nat(500), positions, (pairing, at, apart, moved) => {
      const pair = randomMatrix(2, 16, 1);
      const score = (start: number) => {
        const [query, key] = rotateRows(pair, { pairing, positions: [start + apart, start] })
          .toRows();
        return dot(query!, key!);
      };
      assertAlmostEquals(score(at), score(at + moved), 1e-8);
    }),
  );
});

Deno.test("turning keeps lengths, and position 0 turns nothing", () => {
  fc.assert(fc.property(pairings, positions, (pairing, position) => {
    const rows = randomMatrix(1, 12, 2);
    const [before, after] = [rows, rotateRows(rows, { pairing, positions: position })].map(
      (matrix) => Math.hypot(...matrix.data),
    );
    assertAlmostEquals(after!, before!, 1e-10);
    assertEquals(rotateRows(rows, { pairing }).toRows(), rows.toRows());
  }));
});

Deno.test("the two pairings are one, up to a permutation of each head", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), positions, (half, position) => {
    const row = randomMatrix(1, 2 * half, 3);
    const order = interleavedToHalves(2 * half);
    const permute = (matrix: Matrix) =>
      Matrix.from(matrix.toRows().map((values) => order.map((place) => values[place]!)));
    assertClose(
      permute(rotateRows(row, { positions: position, pairing: "interleaved" })),
      rotateRows(permute(row), { positions: position }),
    );
    assertEquals([...order].sort((a, b) => a - b), order.map((_, i) => i));
  }));
});

Deno.test("a head of width 2 is a complex number, turned by one radian a position", () => {
  const turned = rotateRows(Matrix.from([[1, 0], [1, 0], [1, 0]]));
  turned.toRows().forEach(([real, imaginary], position) => {
    assertAlmostEquals(real!, Math.cos(position));
    assertAlmostEquals(imaginary!, Math.sin(position));
  });
});

Deno.test("odd widths, missing positions and a base of 0 are refused", () => {
  const row = randomMatrix(1, 6, 1);
  assertThrows(() => rotateRows(row, { heads: 2 }), TypeError, "even number");
  assertThrows(() => rotateRows(row, { positions: [1, 2] }), TypeError, "current count is 2");
  assertThrows(() => rotateRows(row, { positions: NaN }), RangeError, "a position");
  assertThrows(() => rotateRows(row, { theta: 0 }), RangeError, "theta");
  assertThrows(() => interleavedToHalves(3), RangeError, "half of the dimension");
});
