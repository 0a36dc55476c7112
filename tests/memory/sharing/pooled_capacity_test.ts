import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { pooledCapacity } from "@fewer-bytes/memory";
import { seeded } from "@fewer-bytes/numeric";

Deno.test("a pool never needs more than hosts apart, nor less than the worst moment", () => {
  const hosts = fc.integer({ min: 1, max: 5 }).chain((moments) =>
    fc.array(
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: moments, maxLength: moments }),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
  );
  fc.assert(fc.property(hosts, fc.integer({ min: 0, max: 50 }), (demand, own) => {
    const { apart, pooled } = pooledCapacity(demand, own);
    const worst = Math.max(
      ...demand[0]!.map((_, moment) => demand.reduce((sum, host) => sum + host[moment]!, 0)),
    );
    assert(pooled <= apart && pooled >= worst);
  }));
});

Deno.test("independent hosts: the spread of the sum grows with the root of their number", () => {
  const random = seeded(1);
  const demand = (hosts: number) =>
    Array.from(
      { length: hosts },
      () => Array.from({ length: 400 }, () => 1000 + 100 * random.normal()),
    );
  const spare = (hosts: number) => pooledCapacity(demand(hosts)).pooled / hosts - 1000;
  assertAlmostEquals(spare(64) / spare(4), 1 / 4, 0.12);
});

Deno.test("hosts that peak together save nothing", () => {
  assertEquals(pooledCapacity([[1, 5], [2, 9]]).saved, 0);
});

Deno.test("a pool refuses demands of different length and below zero", () => {
  assertThrows(() => pooledCapacity([[1], [1, 2]]), TypeError, "[1,2]");
  assertThrows(() => pooledCapacity([]), TypeError, "the same moments");
  assertThrows(() => pooledCapacity([[-1]]), RangeError, "a demand");
});
