import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { seeded } from "@fewer-bytes/numeric";
import { type HostBuffer, hostBuffers, powerOfTwo } from "@fewer-bytes/training";
import { parameters } from "@fewer-bytes/transformer";
import fc from "fast-check";

const model = findModel("llama-3.1-8b");
const simple = { pool: "largest", pinned: "power-of-two", overflowCheck: "copies" } as const;
const reserved = (rows: readonly HostBuffer[]) => rows.reduce((sum, row) => sum + row.reserved, 0);

Deno.test("powerOfTwo() is the smallest power that holds the bytes", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (bytes) => {
    const power = powerOfTwo(bytes);
    assert(power >= bytes && power / 2 < bytes && Number.isInteger(Math.log2(power)));
  }));
  assertEquals(powerOfTwo(0), 0);
  assertEquals(powerOfTwo(2 ** 40), 2 ** 40);
});

Deno.test("rounding to powers of two wastes 1/ln 2 - 1 = 44 % of sizes of every magnitude", () => {
  const random = seeded(18);
  let asked = 0, given = 0;
  for (let draw = 0; draw < 20_000; draw++) {
    const bytes = 2 ** (20 + random.uniform());
    asked += 1;
    given += powerOfTwo(bytes) / bytes;
  }
  assertAlmostEquals(given / asked, 1 / Math.LN2, 0.01);
});

Deno.test("weights in flight are an embedding and the seven matrices of a layer, or eight embeddings", () => {
  const [fitting, largest] = (["fitting", "largest"] as const).map((pool) =>
    hostBuffers({ model }, { pool })[0]!
  );
  const table = 2 * 128_256 * 4096;
  const layer = 2 * 4096 * (2 * 4096 + 2 * 1024 + 3 * 14336);
  assertEquals(fitting!.reserved, table + layer);
  assertEquals(largest!.reserved, 8 * table);
  assertEquals(fitting!.needed, largest!.needed);
});

Deno.test("a check with copies takes 5 bytes beside the 4 of each gradient", () => {
  const rows = hostBuffers({ model }, { overflowCheck: "copies" });
  const { total } = parameters(model);
  assertEquals(rows.find(({ what }) => what === "gradients")!.needed, 4 * total);
  assertEquals(rows.find(({ what }) => what === "overflow check")!.reserved, 5 * total);
});

Deno.test("each of the three mends something, and never costs", () => {
  const all = reserved(hostBuffers({ model, batch: { sequences: 4, tokens: 4096 } }, simple));
  for (
    const mended of [{ pool: "fitting" }, { pinned: "page" }, { overflowCheck: "fused" }] as const
  ) {
    const batch = { sequences: 4, tokens: 4096 };
    assert(reserved(hostBuffers({ model, batch }, { ...simple, ...mended })) < all);
  }
  for (const { needed, reserved: own } of hostBuffers({ model })) {
    assert(own >= needed && own - needed < 8 * 4096 * 32);
  }
});

Deno.test("layers that are none are refused", () => {
  assertThrows(() => hostBuffers({ model, layersInFlight: 0 }), RangeError, "layersInFlight");
  assertThrows(() => hostBuffers({ model, updatedAtOnce: NaN }), RangeError, "updatedAtOnce");
  assertThrows(() => powerOfTwo(-1), RangeError, "the bytes");
});
