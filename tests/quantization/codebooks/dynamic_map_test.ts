import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { decodeDynamic, dynamic8, dynamicMap } from "@fewer-bytes/quantization";
// Made with bitsandbytes: see golden_codebooks.py beside it.
import golden from "./fixtures/golden_codebooks.json" with { type: "json" };

const floatsOf = (hex: string) => new Float32Array(Uint8Array.fromHex(hex).buffer);

for (const name of ["signed", "unsigned"] as const) {
  Deno.test(`dynamicMap() has the original's 256 ${name} values, up to its rounding in 32 bits`, () => {
    const expected = floatsOf(golden[name]);
    const found = dynamicMap(name === "signed");
    assertEquals(found.length, 256);
    found.forEach((value, i) => {
      assertAlmostEquals(value, expected[i]!, 3e-7 * Math.abs(expected[i]!), `entry ${i}`);
    });
  });

  Deno.test(`decodeDynamic() gives each of the 256 ${name} codes a value of its own`, () => {
    const values = Array.from({ length: 256 }, (_, code) => decodeDynamic(code, name === "signed"));
    assertEquals(new Set(values).size, 256);
  });
}

Deno.test("decodeDynamic() has twice as many cells in each decade as in the one below it", () => {
  const decades = new Array(7).fill(0);
  for (let code = 1; code < 128; code++) decades[Math.floor(-Math.log10(decodeDynamic(code)))]++;
  assertEquals(decades, [64, 32, 16, 8, 4, 2, 1]);
});

Deno.test("decodeDynamic() is odd in its sign bit, but for the spare codes", () => {
  for (let code = 1; code < 128; code++) {
    assertEquals(decodeDynamic(code + 128), -decodeDynamic(code));
  }
});

Deno.test("decodeDynamic() refuses what is no code", () => {
  for (const code of [-1, 256, 0.5]) {
    assertThrows(() => decodeDynamic(code), RangeError, "0 to 255");
  }
});

Deno.test("dynamic8 keeps numbers a thousand times smaller than the largest, which even steps lose", () => {
  const row = new Float32Array(256).fill(0.001);
  row[0] = 1;
  const back = dynamic8.roundTrip(row);
  assertEquals(back[0], 1);
  assert(Math.abs(back[1]! / 0.001 - 1) < 0.06); // half a cell of the decade with eight
  assertEquals(Math.round(0.001 * 127), 0); // eight bits in even steps
  assertEquals(dynamic8.bitsPerValue, 8.125);
});

Deno.test("dynamic8 shrinks a block whose extreme value is negative, as the map has no −1", () => {
  const row = new Float32Array(256).fill(-1);
  const back = dynamic8.roundTrip(row);
  assert(back.every((value) => value === dynamicMap()[0]));
  assertAlmostEquals(dynamicMap()[0]!, -(1 - 0.45 / 64), 1e-6);
});
