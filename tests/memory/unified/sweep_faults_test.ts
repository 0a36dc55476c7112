import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { sweepFaults } from "@fewer-bytes/memory";

/** Belady's rule, which sees the future: the page goes that is needed latest. No rule faults less. */
function leastFaults(pages: number, frames: number, sweeps: number): number {
  const trace = Array.from({ length: sweeps }, () => [...Array(pages).keys()]).flat();
  const held = new Set<number>();
  let faults = 0;
  trace.forEach((page, now) => {
    if (held.has(page)) return;
    faults++;
    if (held.size === frames) {
      const next = (other: number) => {
        const place = trace.indexOf(other, now);
        return place < 0 ? Infinity : place;
      };
      held.delete([...held].reduce((latest, other) => next(other) > next(latest) ? other : latest));
    }
    held.add(page);
  });
  return faults;
}

const small = fc.integer({ min: 1, max: 9 });
const total = (faults: number[]) => faults.reduce((sum, count) => sum + count, 0);

Deno.test("throwing out the most recently used page is as good as seeing the future", () => {
  fc.assert(fc.property(small, small, fc.integer({ min: 1, max: 5 }), (pages, frames, sweeps) => {
    assertEquals(
      total(sweepFaults(pages, frames, sweeps, "most recently used")),
      leastFaults(pages, frames, sweeps),
    );
  }));
});

Deno.test("throwing out the least recently used one faults on all pages, once one does not fit", () => {
  fc.assert(fc.property(small, small, (pages, frames) => {
    const faults = sweepFaults(pages, frames, 3, "least recently used");
    assertEquals(faults, pages > frames ? [pages, pages, pages] : [pages, 0, 0]);
    assert(total(faults) >= total(sweepFaults(pages, frames, 3, "most recently used")));
  }));
});

Deno.test("sweeps refuse counts that are none", () => {
  assertThrows(() => sweepFaults(0, 1, 1, "least recently used"), RangeError, "pages");
  assertThrows(() => sweepFaults(1, 0, 1, "least recently used"), RangeError, "frames");
  assertThrows(() => sweepFaults(1, 1, 0.5, "least recently used"), RangeError, "sweeps");
});
