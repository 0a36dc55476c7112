import { assert, assertEquals, assertThrows } from "@std/assert";
import { reduceScatterAccesses } from "@fewer-bytes/training";

/** Both ways played on numbers: each device multiplies, chunk by chunk; what touches a memory is counted. */
function play(n: number, fused: boolean): { reads: number; writes: number } {
  const count = { reads: 0, writes: 0 };
  const value = (device: number, chunk: number) => 10 ** device + chunk;
  // memory[device][chunk], and what came in from the neighbor
  const memory = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  const write = (device: number, chunk: number, number: number) => {
    memory[device]![chunk] = number;
    count.writes++;
  };
  const read = (device: number, chunk: number) => {
    count.reads++;
    return memory[device]![chunk]!;
  };
  const inbox = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  // In turn t device d sends chunk d - t to its neighbor d + 1; chunk d + 1 ends up summed on device d.
  const sent = (device: number, turn: number) => ((device - turn) % n + n) % n;
  if (!fused) {
    for (let d = 0; d < n; d++) for (let c = 0; c < n; c++) write(d, c, value(d, c));
    for (let turn = 0; turn < n - 1; turn++) {
      for (let d = 0; d < n; d++) {
        const chunk = sent(d, turn), to = (d + 1) % n;
        let sum = read(d, chunk);
        if (turn > 0) {
          count.reads++;
          sum += inbox[d]![chunk]!;
        }
        inbox[to]![chunk] = sum;
        count.writes++;
      }
    }
    for (let d = 0; d < n; d++) {
      const own = (d + 1) % n;
      count.reads++;
      write(d, own, read(d, own) + inbox[d]![own]!);
    }
  } else {
    const add = (device: number, chunk: number, number: number) => { // the memory adds by itself
      memory[device]![chunk]! += number;
      count.writes++;
    };
    for (let d = 0; d < n; d++) {
      for (let c = 0; c < n; c++) {
        if (c === sent(d, 0)) add((d + 1) % n, c, value(d, c)); // straight into the neighbor's memory
        else add(d, c, value(d, c));
      }
    }
    for (let turn = 1; turn < n - 1; turn++) {
      for (let d = 0; d < n; d++) add((d + 1) % n, sent(d, turn), read(d, sent(d, turn)));
    }
  }
  for (let d = 0; d < n; d++) {
    const own = (d + 1) % n;
    let sum = 0;
    for (let other = 0; other < n; other++) sum += value(other, own);
    assertEquals(memory[d]![own], sum, "the sum is right");
  }
  return { reads: count.reads / n, writes: count.writes / n };
}

Deno.test("reduceScatterAccesses() is what a ring of numbers touches, and its sums are right", () => {
  for (let n = 2; n <= 9; n++) {
    for (const way of ["after", "fused"] as const) {
      const { multiplyWrites, reduceReads, reduceWrites } = reduceScatterAccesses(n)[way];
      const wanted = { reads: reduceReads, writes: multiplyWrites + reduceWrites };
      assertEquals(play(n, way === "fused"), wanted, `${way} ${n}`);
    }
  }
});

// T3, section 6.2: reads of the reduce-scatter fall by 2.5 with 8 devices and by 2.2 with 16, writes of the
// multiplication by 10 % on (geometric) average of both.
Deno.test("reads and writes fall as T3 reports", () => {
  const [eight, sixteen] = [8, 16].map(reduceScatterAccesses);
  assertEquals(eight!.after.reduceReads / eight!.fused.reduceReads, 2.5);
  assertEquals((sixteen!.after.reduceReads / sixteen!.fused.reduceReads).toFixed(1), "2.2");
  const kept = Math.sqrt(7 / 8 * 15 / 16);
  assert(kept > 0.89 && kept < 0.92);
});

Deno.test("one device has nobody to add up with", () => {
  assertThrows(() => reduceScatterAccesses(1), RangeError, "the devices");
});
