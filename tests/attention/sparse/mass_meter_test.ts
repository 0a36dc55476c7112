import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  blockChooser,
  MassMeter,
  oracleChooser,
  softmaxWeights,
  windowChooser,
} from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { askAll, heads, keysOf, queryOf } from "./runtime.ts";

Deno.test("MassMeter leaves the choice, its traffic and its bytes as they are", () => {
  const options = { blockSize: 3, topK: 2 };
  const [plain, measured] = [
    blockChooser(heads, options),
    new MassMeter(blockChooser(heads, options), heads),
  ];
  const [without, withMeter] = [askAll(plain, 20), askAll(measured, 20)];
  assertEquals(withMeter, without);
  assertEquals(measured.bytes, plain.bytes);
});

Deno.test("mass is the attention on the chosen tokens, over all choices that leave something out", () => {
  const meter = new MassMeter(windowChooser(heads, { window: 4 }), heads);
  assert(Number.isNaN(meter.mass));
  const masses = askAll(meter, 15).slice(4).flatMap((asked) =>
    [0, 1, 2, 3].map((head) => {
      const keys = Matrix.from(keysOf(asked, head));
      const queries = Matrix.from([[...queryOf(asked, head)]]);
      const row = softmaxWeights({ queries, keys, values: keys }).row(0);
      return row.slice(-4).reduce((sum, share) => sum + share, 0);
    })
  );
  assertAlmostEquals(meter.mass, masses.reduce((sum, mass) => sum + mass, 0) / masses.length, 1e-5);
  assert(meter.recall > meter.mass);
});

Deno.test("the oracle's recall is 1", () => {
  const meter = new MassMeter(oracleChooser(heads, 3), heads);
  askAll(meter, 15);
  assertAlmostEquals(meter.recall, 1, 1e-6);
});
