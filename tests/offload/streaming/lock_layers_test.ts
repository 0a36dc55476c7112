import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { lockLayers } from "@fewer-bytes/offload";
import fc from "fast-check";

const layers = (count: number, load: number, compute: number) =>
  Array.from({ length: count }, () => ({ load, compute }));
const time = fc.integer({ min: 1, max: 20 });

Deno.test("lockLayers() balanced takes as long as the longer of loading and computing", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 12 }),
      time,
      time,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, load, compute, share) => {
        const { seconds } = lockLayers(layers(count, load, compute), share, "balanced");
        assertAlmostEquals(seconds, count * Math.max((1 - share) * load, compute), 1e-6);
      },
    ),
  );
});

Deno.test("lockLayers() balanced is never slower than first layers, whatever the buffers", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 10 }),
      time,
      time,
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 1, max: 4 }),
      (count, load, compute, locked, buffers) => {
        const stages = layers(count, load, compute);
        const share = Math.min(1, locked / count);
        const [even, first] = (["balanced", "first layers"] as const).map((locking) =>
          lockLayers(stages, share, locking, buffers)
        );
        assert(even!.seconds <= first!.seconds + 1e-9);
        // Both load as much.
        const sum = (loads: readonly number[]) => loads.reduce((a, b) => a + b, 0);
        assertAlmostEquals(sum(even!.loads), sum(first!.loads), 1e-9);
      },
    ),
  );
});

Deno.test("lockLayers() of first layers leaves what is not locked as it was", () => {
  const { loads } = lockLayers(layers(4, 2, 1), 0.375, "first layers");
  assertEquals(loads, [0, 1, 2, 2]);
  assertEquals(lockLayers(layers(4, 2, 1), 1, "first layers").exposed, 0);
});

Deno.test("lockLayers() refuses shares that are none", () => {
  assertThrows(() => lockLayers(layers(2, 1, 1), 1.5, "balanced"), RangeError, "from 0 to 1");
  assertThrows(() => lockLayers(layers(2, -1, 1), 0, "balanced"), RangeError, "a load");
});
