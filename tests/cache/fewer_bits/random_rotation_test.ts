import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randomRotation } from "@fewer-bytes/cache";
import { seeded } from "@fewer-bytes/numeric";

Deno.test("randomRotation() is a rotation, drawn anew each time, and favors no direction", () => {
  const random = seeded(4);
  let mean = 0;
  for (let draw = 0; draw < 200; draw++) {
    const rotation = randomRotation(4, random);
    const product = rotation.multiply(rotation.transpose());
    product.data.forEach((value, i) => assertAlmostEquals(value, i % 5 === 0 ? 1 : 0, 1e-12));
    mean += rotation.get(1, 2) / 200;
  }
  assert(Math.abs(mean) < 0.15, `${mean}`); // the deviation of an entry is 1/2, of this mean 0.035
});

Deno.test("randomRotation() gives the same rotation for the same seed, and refuses an order of nothing", () => {
  assertEquals(randomRotation(5, seeded(1)).data, randomRotation(5, seeded(1)).data);
  assertThrows(() => randomRotation(0, seeded(1)), RangeError, "the order");
});
