import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  chunkedLinearAttention,
  eluPlusOne,
  linearAttention,
  recurrentLinearAttention,
} from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { assertClose, randomMatrix } from "../kinds/support.ts";

const sizes = fc.record({
  tokens: fc.integer({ min: 1, max: 12 }),
  keyWidth: fc.integer({ min: 1, max: 5 }),
  valueWidth: fc.integer({ min: 1, max: 4 }),
  chunk: fc.integer({ min: 1, max: 14 }),
  seed: fc.nat(1e6),
});
const inputs = ({ tokens, keyWidth, valueWidth, seed }: {
  tokens: number;
  keyWidth: number;
  valueWidth: number;
  seed: number;
}) =>
  [
    randomMatrix(tokens, keyWidth, seed),
    randomMatrix(tokens, keyWidth, seed + 1),
    randomMatrix(tokens, valueWidth, seed + 2),
  ] as const;

Deno.test("linearAttention() gives each token the mean of the values before it, weighted by products of features", () => {
  fc.assert(fc.property(sizes, (size) => {
    const [q, k, v] = inputs(size);
    const phi = (row: number[]) => row.map((x) => x > 0 ? x + 1 : Math.exp(x));
    const expected = q.toRows().map((query, token) => {
      const shares = k.toRows().slice(0, token + 1).map((key) =>
        phi(query).reduce((sum, x, i) => sum + x * phi(key)[i]!, 0)
      );
      const sum = shares.reduce((a, b) => a + b);
      return Array.from(
        { length: v.columns },
        (_, j) => shares.reduce((total, share, i) => total + share / sum * v.get(i, j), 0),
      );
    });
    assertClose(linearAttention(q, k, v), Matrix.from(expected));
  }));
});

Deno.test("the parallel, the recurrent and the chunked form give the same results and the same memory", () => {
  fc.assert(fc.property(sizes, (size) => {
    const [q, k, v] = inputs(size);
    const recurrent = recurrentLinearAttention(q, k, v);
    const chunked = chunkedLinearAttention(q, k, v, size.chunk);
    assertClose(recurrent.output, linearAttention(q, k, v));
    assertClose(chunked.output, recurrent.output);
    assertClose(chunked.state.sums, recurrent.state.sums);
    assertEquals(chunked.state.sums.data.length, size.keyWidth * size.valueWidth);
  }));
});

Deno.test("a sequence may be computed in parts, the state carried from one to the next", () => {
  const [q, k, v] = inputs({ tokens: 9, keyWidth: 3, valueWidth: 2, seed: 1 });
  const part = (from: number, to: number) =>
    [q, k, v].map((matrix) => Matrix.from(matrix.toRows().slice(from, to))) as [
      Matrix,
      Matrix,
      Matrix,
    ];
  const first = chunkedLinearAttention(...part(0, 5), 2);
  const kept = first.state.sums.clone();
  const second = recurrentLinearAttention(...part(5, 9), eluPlusOne, first.state);
  const whole = linearAttention(q, k, v).toRows();
  assertClose(
    Matrix.from([...first.output.toRows(), ...second.output.toRows()]),
    Matrix.from(whole),
  );
  assertEquals(
    first.state.sums.toRows(),
    kept.toRows(),
    "the state that was passed in is unchanged",
  );
});

Deno.test("where all queries and keys are 0, linear attention is the running mean, as softmax attention is", () => {
  // Keys and queries of one number that is 0: all features are 1, and both give the running mean.
  const zeros = Matrix.from([[0], [0], [0]]);
  assertClose(
    linearAttention(zeros, zeros, Matrix.from([[3], [5], [10]])),
    Matrix.from([[3], [4], [6]]),
  );
});

Deno.test("shapes that do not fit and chunks that are none are refused", () => {
  const x = randomMatrix(3, 2, 1);
  assertThrows(() => linearAttention(x, randomMatrix(4, 2, 1), x), TypeError, "3, 4, 3");
  assertThrows(
    () => recurrentLinearAttention(x, randomMatrix(3, 1, 1), x),
    TypeError,
    "widths 2 and 1",
  );
  assertThrows(() => chunkedLinearAttention(x, x, x, 0), RangeError, "the chunk");
});
