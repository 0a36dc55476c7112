import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fillInOrder } from "@fewer-bytes/memory";

const tier = (capacity: number, bandwidth: number) => ({ name: "tier", capacity, bandwidth });

/** Every way to spread a whole number of units of each kind over tiers with whole capacities. */
function bestByTrial(
  capacities: number[],
  bandwidths: number[],
  kinds: { footprint: number; traffic: number }[],
): number {
  if (kinds.length === 0) return 0;
  const [{ footprint, traffic }, ...rest] = kinds as [typeof kinds[0] & object, ...typeof kinds];
  let best = Infinity;
  const place = (index: number, left: number, rooms: number[], seconds: number) => {
    if (index === rooms.length - 1) {
      if (left > rooms[index]!) return;
      const after = rooms.with(index, rooms[index]! - left);
      const own = seconds + left / footprint * traffic / bandwidths[index]!;
      best = Math.min(best, own + bestByTrial(after, bandwidths, rest));
      return;
    }
    for (let units = 0; units <= Math.min(left, rooms[index]!); units++) {
      const own = units / footprint * traffic / bandwidths[index]!;
      place(index + 1, left - units, rooms.with(index, rooms[index]! - units), seconds + own);
    }
  };
  place(0, footprint, capacities, 0);
  return best;
}

Deno.test("fillInOrder() is the best of all placements, tried one by one", () => {
  const whole = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(
      fc.array(fc.record({ footprint: whole(5), traffic: fc.integer({ min: 0, max: 20 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.tuple(whole(6), whole(6)),
      fc.tuple(whole(20), whole(20), whole(20)),
      (kinds, [first, second], bandwidths) => {
        const capacities = [first, second, 15];
        const tiers = capacities.map((capacity, index) => tier(capacity, bandwidths[index]!));
        const { seconds, shares } = fillInOrder(tiers, kinds);
        assertAlmostEquals(seconds, bestByTrial(capacities, bandwidths, kinds), 1e-9);
        tiers.forEach(({ capacity }, index) => {
          const held = kinds.reduce(
            (sum, kind, row) => sum + shares[row]![index]! * kind.footprint,
            0,
          );
          assert(held <= capacity + 1e-9);
        });
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("a kind without bytes lies nowhere in particular, and takes no room", () => {
  const { shares, seconds } = fillInOrder([tier(1, 1), tier(9, 9)], [
    { footprint: 0, traffic: 0 },
    { footprint: 9, traffic: 9 },
  ]);
  assertEquals(shares, [[0, 1], [0, 1]]);
  assertEquals(seconds, 1);
});

Deno.test("fillInOrder() refuses what fits nowhere, tiers without bandwidth, and bytes that are none", () => {
  const kind = { footprint: 10, traffic: 1 };
  assertThrows(() => fillInOrder([tier(4, 1), tier(5, 1)], [kind]), RangeError, "must hold 10");
  assertThrows(() => fillInOrder([], [kind]), RangeError, "there must be a tier");
  assertThrows(() => fillInOrder([tier(20, 0), tier(20, 1)], [kind]), RangeError, "the bandwidth");
  assertThrows(
    () => fillInOrder([tier(20, 1)], [{ footprint: 0, traffic: 1 }]),
    RangeError,
    "must lie somewhere",
  );
  assertThrows(
    () => fillInOrder([tier(20, 1)], [{ footprint: NaN, traffic: 1 }]),
    RangeError,
    "the footprint",
  );
});
