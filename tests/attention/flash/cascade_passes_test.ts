import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  attentionCascades,
  cascadePasses,
  deferredDivisionCascade,
  einsum,
  localMaximaCascade,
  onePassCascade,
  threePassCascade,
} from "@fewer-bytes/attention";

const sizes = { m: 1024, m1: 8, m0: 128, f: 64 };

Deno.test("cascadePasses() counts three, two, two and one, as FuseMax's taxonomy has it", () => {
  assertEquals(attentionCascades.map((cascade) => cascadePasses(cascade, sizes).passes), [
    3,
    2,
    2,
    1,
  ]);
});

Deno.test("with more than one pass the footprint grows with the keys, with one it does not", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), (m1) => {
    const grown = { ...sizes, m1, m: 128 * m1 };
    for (const cascade of [threePassCascade, deferredDivisionCascade]) {
      assertEquals(cascadePasses(cascade, grown).footprint, 128 * m1);
    }
    assertEquals(cascadePasses(localMaximaCascade, grown).footprint, 128 * m1 + 2 * m1);
    assertEquals(cascadePasses(onePassCascade, grown).footprint, 0);
  }));
});

Deno.test("cascadePasses() says what crosses: scores into the second pass, exponentials into the third", () => {
  assertEquals(cascadePasses(threePassCascade, sizes).crossing, [
    { tensor: "QK", from: 1, to: 2, values: 1024 },
    { tensor: "SN", from: 2, to: 3, values: 1024 },
  ]);
});

Deno.test("a sum over the keys alone needs one pass, and what divides each key by it a second", () => {
  const sum = einsum("S[]", ["K[m]"], (k) => k!);
  const share = einsum("P[m]", ["K[m]", "S[]"], (k, s) => k! / s!);
  const passes = (...einsums: (typeof sum)[]) =>
    cascadePasses({ name: "", keyRank: "m", initial: {}, einsums }, sizes).passes;
  assertEquals([passes(sum), passes(sum, share)], [1, 2]);
});
