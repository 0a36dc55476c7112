import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bytesPerValue, findModel } from "@fewer-bytes/catalog";
import { Matrix } from "@fewer-bytes/numeric";
import { operators } from "@fewer-bytes/transformer";
import {
  flashAttention,
  plainAttention,
  tileFootprint,
  TwoLevelMemory,
} from "@fewer-bytes/attention";
import { golden, goldenInputs } from "./golden_attention.ts";
import { anySizes, anyTile, distance, randomInputs, wideInputs } from "./random_inputs.ts";

const orders = ["queries outer", "keys outer"] as const;
const narrow = ({ queries, keys, values }: typeof goldenInputs) => {
  const to32 = (matrix: typeof queries) =>
    new Matrix(matrix.rows, matrix.columns, Float32Array.from(matrix.data));
  return { queries: to32(queries), keys: to32(keys), values: to32(values) };
};

for (const order of orders) {
  Deno.test(`flashAttention() with ${order} is exact for any tile, masked or not`, () => {
    fc.assert(
      fc.property(anySizes, anyTile, fc.boolean(), fc.nat(1000), (sizes, tile, causal, seed) => {
        const inputs = randomInputs(sizes, seed);
        const { output } = flashAttention(inputs, { causal, order, tile });
        const expected = plainAttention(wideInputs(inputs), { causal });
        assert(distance(output.data, expected.data) < 1e-6);
      }),
    );
  });

  Deno.test(`flashAttention() with ${order} agrees with PyTorch, log-sum-exp included`, () => {
    const tile = { rows: 2, columns: 2 };
    const found = flashAttention(narrow(goldenInputs), { causal: true, order, tile });
    assert(distance(found.output.data, golden.output) < 2e-6);
    assert(distance(found.logSumExp, golden.logSumExp) < 2e-6);
  });

  Deno.test(`flashAttention() with ${order} stays within the fast memory that it is given`, () => {
    fc.assert(fc.property(anySizes, fc.integer({ min: 40, max: 2000 }), (sizes, room) => {
      if (tileFootprint({ rows: 1, columns: 1 }, sizes) > room) return;
      const memory = new TwoLevelMemory(4 * room);
      flashAttention(randomInputs(sizes), { memory, order });
      assert(memory.peak > 0 && memory.peak <= 4 * room);
    }));
  });
}

Deno.test("flashAttention() is exact to 1e-6 over 700 keys of width 64", () => {
  const inputs = randomInputs({ queries: 50, keys: 700, width: 64, valueWidth: 64 });
  const expected = plainAttention(wideInputs(inputs)).data;
  for (const order of orders) {
    assert(distance(flashAttention(inputs, { order }).output.data, expected) < 1e-6);
  }
});

Deno.test("flashAttention() of scores in the thousands neither overflows nor loses the largest", () => {
  const inputs = randomInputs({ queries: 9, keys: 40, width: 8, valueWidth: 3 });
  const loud = { ...inputs, queries: inputs.queries.map((x) => 3000 * x) };
  const { output } = flashAttention(loud, { tile: { rows: 4, columns: 3 } });
  assert(distance(output.data, plainAttention(wideInputs(loud)).data) < 1e-2);
});

Deno.test("flashAttention() gives zeros and -Infinity where a query sees nothing", () => {
  const inputs = randomInputs({ queries: 6, keys: 2, width: 3, valueWidth: 2 });
  for (const order of orders) {
    const tile = { rows: 3, columns: 1 };
    const { output, logSumExp } = flashAttention(inputs, { causal: true, order, tile });
    assertEquals([...output.data.subarray(0, 8)], new Array(8).fill(0));
    assertEquals([...logSumExp.subarray(0, 4)], new Array(4).fill(-Infinity));
    assert(logSumExp[4]! > -Infinity);
  }
});

Deno.test("flashAttention() skips hidden tiles: causal traffic falls towards half of the keys' part", () => {
  const inputs = randomInputs({ queries: 128, keys: 128, width: 8, valueWidth: 8 });
  const read = (causal: boolean) => {
    const { memory } = flashAttention(inputs, { causal, tile: { rows: 4, columns: 4 } });
    return memory.arrays.find(({ name }) => name === "keys")!.bytesRead;
  };
  // One tile less, as the second row of tiles finds the first keys still there.
  assertEquals(read(true) / read(false), (32 * 33 / 2 - 1) / (32 * 32));
});

Deno.test("flashAttention() refuses a tile larger than the fast memory, and tiles of nothing", () => {
  const inputs = randomInputs({ queries: 8, keys: 8, width: 8, valueWidth: 8 });
  const memory = new TwoLevelMemory(512);
  const tile = { rows: 8, columns: 8 };
  assertThrows(
    () => flashAttention(inputs, { memory, tile }),
    RangeError,
    "larger than what is left",
  );
  assertThrows(() => flashAttention(inputs, { tile: { rows: 0, columns: 1 } }), RangeError, "rows");
});

Deno.test("the operator table moves what a fused kernel moves whose fast memory holds all queries of a head", () => {
  // One head of one layer, a prompt of 48 tokens, 16-bit values in the table and 32-bit ones here.
  const model = findModel("llama-2-7b");
  const n = 48;
  const rows = operators(model, { phase: "prefill", batch: 1, newTokens: n, context: 0 });
  const { bytes } = rows.find(({ name }) => name === "attention")!;
  const heads = 32 * 32;
  const inputs = randomInputs({ queries: n, keys: n, width: 128, valueWidth: 128 });
  const { memory } = flashAttention(inputs, { tile: { rows: n, columns: 8 } });
  const kernel = memory.traffic - 4 * n; // without the log-sum-exp, which inference does not keep
  const written = 2 * n * 128; // the table counts the new keys and values as written, too
  const values = (bytes.activations + bytes.cache) / heads / bytesPerValue("bf16");
  assertAlmostEquals(values - written, kernel / 4, 1e-6);
});
