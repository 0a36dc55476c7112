import { assert, assertEquals, assertThrows } from "@std/assert";
import { slotBytes, slotsOf, TokenSlots } from "@fewer-bytes/cache";
import { tinyLatentModel } from "../../lm/runtime/tiny_latent.ts";
import { model } from "./drive.ts";

/** A token whose every number tells where it is from: position, then head, then place in the head. */
const token = (position: number, kind: number) => ({
  position,
  keys: Float32Array.of(0, 1, 10, 11).map((x) => 100 * position + x),
  values: Float32Array.of(0, 1, 10, 11).map((x) => kind + 100 * position + x),
  hidden: new Float32Array(1),
});

Deno.test("TokenSlots lets each head keep another token in the same row", () => {
  const slots = new TokenSlots(2, 2);
  for (const position of [1, 2, 3]) slots.add(token(position, 0.5));
  slots.replace(1, 0, token(4, 0.5));
  assertEquals([...slots.keys.subarray(0, 4)], [100, 101, 410, 411]);
  assertEquals([...slots.values.subarray(0, 4)], [100.5, 101.5, 410.5, 411.5]);
  assertEquals([slots.positions[0]![0], slots.positions[1]![0]], [1, 4]);
  slots.keep([[0, 2], [1, 0]]);
  assertEquals([...slots.keys.subarray(0, 8)], [100, 101, 210, 211, 300, 301, 410, 411]);
  assertEquals(slots.positions.map((all) => [...all.subarray(0, 2)]), [[1, 3], [2, 4]]);
  assertEquals([slots.count, slotBytes([slots])], [2, 2 * 4 * 2 * 4]);
});

Deno.test("TokenSlots averages one head of a token into another, and leaves the other head alone", () => {
  const slots = new TokenSlots(2, 2);
  for (const position of [1, 2]) slots.add(token(position, 0));
  slots.merge(0, 1, 0, 0.25);
  assertEquals([...slots.keys.subarray(0, 8)], [125, 126, 110, 111, 200, 201, 210, 211]);
});

Deno.test("TokenSlots keeps what it has while it grows", () => {
  const slots = new TokenSlots(2, 2);
  for (let position = 0; position < 500; position++) slots.add(token(position, 0));
  for (let position = 0; position < 500; position++) {
    assertEquals(slots.keys[4 * position + 3], 100 * position + 11);
    assertEquals(slots.positions[1]![position], position);
  }
});

Deno.test("slotsOf() makes slots for each layer, and refuses latents", () => {
  assertEquals(slotsOf(model).length, 3);
  assert(slotsOf(model).every(({ heads, headDimension }) => heads === 2 && headDimension === 4));
  assertThrows(() => slotsOf(tinyLatentModel()), TypeError, "Cannot keep tokens in slots");
});
