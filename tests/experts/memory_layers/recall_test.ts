import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { recall } from "@fewer-bytes/experts";
import { Matrix, seeded } from "@fewer-bytes/numeric";

const random = seeded(9);
const matrix = (rows: number, columns: number) =>
  new Matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => random.normal()));
const memory = { left: matrix(5, 3), right: matrix(4, 3), values: matrix(20, 6) };
const query = Array.from({ length: 6 }, () => random.normal());

Deno.test("recall() of all values is attention to the whole keys", () => {
  const scores = Array.from({ length: 20 }, (_, key) => {
    const whole = [...memory.left.row(Math.floor(key / 4)), ...memory.right.row(key % 4)];
    return whole.reduce((sum, part, place) => sum + part * query[place]!, 0);
  });
  const sum = scores.reduce((a, score) => a + Math.exp(score), 0);
  const { value } = recall(query, memory, 20);
  value.forEach((part, column) => {
    const wanted = scores.reduce(
      (a, score, key) => a + Math.exp(score) / sum * memory.values.get(key, column),
      0,
    );
    assertAlmostEquals(part, wanted, 1e-12);
  });
});

Deno.test("recall() of one value is that value, and says where it lay", () => {
  const { value, found } = recall(query, memory, 1);
  assertEquals(value, [...memory.values.row(found[0]!.key)]);
  assertEquals(recall(query, memory, 3).found.length, 3);
});

Deno.test("recall() refuses a query or a table that does not fit", () => {
  assertThrows(() => recall([1], memory, 1), TypeError, "3 + 3 wide");
  assertThrows(() => recall(query, { ...memory, values: matrix(19, 6) }, 1), TypeError, "5 x 4");
});
