import { assert, assertEquals } from "@std/assert";
import { ChannelRows, TokenRows, UnrotatedKeys } from "@fewer-bytes/cache";
import { rotateRows } from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { blockFloatingPoint } from "@fewer-bytes/quantization";
import { gap } from "./runs.ts";

const shape = { keyValueHeads: 2, headDimension: 4, ropeTheta: 100 };
const random = seeded(5);
const straight = new Matrix(12, 8, Float32Array.from({ length: 96 }, () => random.normal()));
// An independent rotation, of lib/attention; tokens stand at every third position.
const positions = Array.from({ length: 12 }, (_, i) => 3 * i);
const turned = rotateRows(straight, { heads: 2, positions, theta: 100 });
const keys = (row: number) => Float32Array.from(turned.row(row));

Deno.test("UnrotatedKeys stores keys turned back to position 0", () => {
  const inner = new ChannelRows(8, { bits: 2, groupSize: 4, window: 12 });
  const store = new UnrotatedKeys(inner, shape);
  for (let row = 0; row < 11; row++) store.append(keys(row), positions[row]!);
  assert(gap(inner.rows, straight.data.subarray(0, 88)) < 1e-5);
  assertEquals([store.count, store.bytes, store.written], [11, inner.bytes, inner.written]);
});

Deno.test("UnrotatedKeys gives what is rounded rotated to its own position again", () => {
  const format = blockFloatingPoint(8, 4);
  const store = new UnrotatedKeys(new TokenRows(8, { format }), shape);
  for (let row = 0; row < 12; row++) store.append(keys(row), positions[row]!);
  const back = Matrix.zeros(12, 8);
  for (let row = 0; row < 12; row++) back.row(row).set(format.roundTrip(straight.row(row)));
  const expected = rotateRows(back, { heads: 2, positions, theta: 100 });
  assert(gap(store.rows, expected.data) < 0.05); // a step of 8 bits may flip where a turn back left 1e-7
  assert(gap(store.rows, turned.data) < 0.1);
});
