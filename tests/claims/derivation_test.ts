import { assert, assertEquals, assertThrows } from "@std/assert";
import { ridgePoint } from "@fewer-bytes/roofline";
import { cite, claims, courseCatalog, derive, findSystem } from "@fewer-bytes/claims";
import { citations, derivations } from "../../lib/claims/derivations.ts";
import { changes } from "./changed_catalog.ts";

/** Values that follow from geometry or from a definition, whatever the devices and models: they must stand still. */
const fixed: Readonly<Record<string, string>> = {
  "a-decode-reads-10-1000gb": "bits of a format times the parameter range of another claim",
  "c-arithmetic-intensity-definition":
    "an identity between three functions, which holds on any device",
  "c-shoreline-compute-area": "the area of a square",
  "c-shoreline-bandwidth-perimeter": "the edge of a square",
};

Deno.test("each claim of chapters 00 to 02 is derived or cited, exactly once", () => {
  const listed = [...derivations, ...citations].map(({ claim }) => claim);
  assertEquals(new Set(listed).size, listed.length);
  const expected = claims.filter(({ system }) => /^0[012]/.test(findSystem(system).chapter)).map((
    { id },
  ) => id);
  assertEquals(expected.length, 46);
  assertEquals(expected.filter((id) => !listed.includes(id)), []);
});

Deno.test("no derived value is typed in: each moves when the devices or models change", () => {
  for (const { claim, ...derivation } of derivations) {
    for (const derived of [derivation.derived, derivation.otherwise?.derived]) {
      if (!derived) continue;
      const usual = derived(courseCatalog);
      const moved = Object.entries(changes).filter(([, catalog]) => {
        const changed = derived(catalog);
        return Math.abs(changed - usual) > 1e-6 * Math.abs(usual);
      }).map(([name]) => name);
      if (claim in fixed) assertEquals(moved, [], `${claim} stands on ${fixed[claim]}`);
      else assert(moved.length > 0, `${claim} is ${usual} in every world`);
    }
  }
});

Deno.test("every claim that is listed as fixed is derived", () => {
  for (const id of Object.keys(fixed)) assert(derivations.some(({ claim }) => claim === id), id);
});

Deno.test("derive() refuses an unknown claim, a missing or needless proxy, and a relation that does not fit", () => {
  const how = { assumptions: ["one B200"], by: [ridgePoint], derived: () => 1 };
  const proxy = { computes: "one", unit: "x", threshold: 1 };
  assertThrows(() => derive("c-none", how), RangeError, "c-none");
  assertThrows(
    () => derive("c-ridge-562", { ...how, proxy }),
    TypeError,
    "exactly when nothing is stated",
  );
  assertThrows(
    () => derive("c-decode-is-memory-traffic", how),
    TypeError,
    "exactly when nothing is stated",
  );
  assertThrows(() => derive("c-ridge-562", { ...how, relation: "within" }), TypeError, "within");
  assertThrows(() => derive("d-longctx-range", { ...how, relation: "about" }), TypeError, "about");
});

Deno.test("derive() wants assumptions, and functions that have a name", () => {
  const how = { assumptions: ["one B200"], by: [ridgePoint], derived: () => 1 };
  assertThrows(() => derive("c-ridge-562", { ...how, assumptions: [] }), TypeError, "assumptions");
  assertThrows(() => derive("c-ridge-562", { ...how, by: [] }), TypeError, "functions");
  assertThrows(() => derive("c-ridge-562", { ...how, by: [() => 1] }), TypeError, "functions");
});

Deno.test("cite() refuses an unknown claim", () => {
  assertThrows(() => cite("d-none", "no reason"), RangeError, "d-none");
});
