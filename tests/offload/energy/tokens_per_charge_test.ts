import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { multiplyAddJoules } from "@fewer-bytes/pim";
import { type Operator, operators, sumOperators } from "@fewer-bytes/transformer";
import { batteryLife, tokenEnergy } from "@fewer-bytes/offload";

const formats = { weights: "int4", cache: "fp16", activations: "fp16" } as const;
const table = operators(findModel("tinyllama-1.1b"), {
  phase: "decode",
  batch: 1,
  newTokens: 1,
  context: 256,
}, { formats });

Deno.test("tokenEnergy() is the energy of lib/pim's multiply-adds, for a table of nothing but weights", () => {
  const row: Operator = {
    name: "product",
    layers: 1,
    flops: 2e9,
    bytes: { weights: 2e9, cache: 0, activations: 0 },
    transfer: 0,
    precision: "fp16",
  };
  const whole = multiplyAddJoules("processor", { bits: 16, format: "fp16" }) * 1e9;
  const move = (whole - 1.5e-12 * 1e9) / 2e9;
  const { total } = tokenEnergy([row], { perByte: move, perFlop: 0.75e-12 });
  assertAlmostEquals(total / whole, 1, 1e-9);
});

Deno.test("tokenEnergy() of a phone is mostly moving, and a small part of what MELTing point measured", () => {
  // LPDDR5 at some 5 pJ a bit; 0.16 mWh for a token of TinyLlama in four bits, screen and all, on a Galaxy S23.
  const { moving, computing, total } = tokenEnergy(table, { perByte: 40e-12, perFlop: 0.75e-12 });
  assert(moving > 5 * computing);
  assert(total < 0.1 * 0.16e-3 * 3600);
});

Deno.test("tokenEnergy() adds idling and flash", () => {
  const none = tokenEnergy(table, { perByte: 1e-12, perFlop: 1e-12 });
  const slow = tokenEnergy(
    table,
    { perByte: 1e-12, perFlop: 1e-12, idle: 2, perFlashByte: 1e-10 },
    0.5,
    1e8,
  );
  assertAlmostEquals(slow.total - none.total, 1 + 0.01, 1e-9);
  assertAlmostEquals(none.computing, sumOperators(table).flops * 1e-12, 1e-15);
});

Deno.test("batteryLife() is a hundred thousand tokens and two hours: MELTing point's 490 to 591 prompts", () => {
  const { tokens, seconds, power } = batteryLife(15 * 3600, 0.16e-3 * 3600, 13.6);
  assert(tokens / 591 > 100 && tokens / 490 < 200); // tokens for each prompt and its answer
  assertAlmostEquals(seconds * power, 15 * 3600, 1e-6);
});

Deno.test("energies refuse what is none", () => {
  assertThrows(() => tokenEnergy(table, { perByte: -1, perFlop: 0 }), RangeError, "perByte");
  assertThrows(() => batteryLife(0, 1, 1), RangeError, "the battery must be > 0");
  assertThrows(() => batteryLife(1, NaN, 1), RangeError, "energy");
});
