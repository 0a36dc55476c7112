import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  claims,
  findClaim,
  findSystem,
  readClaims,
  readSystems,
  systems,
} from "@fewer-bytes/claims";

const good = {
  id: "c-one",
  document: "003",
  system: "kv-cache",
  claim: "One is one.",
  metric: "count",
  stated: 1,
  unit: "x",
  context: "",
  source: "",
  derivation: "arithmetic",
  priority: 1,
};
const read = (...entries: unknown[]) => readClaims(entries, "data/claims.json", systems);

Deno.test("the data holds 449 claims about 279 systems, and no claim about an unknown one", () => {
  assertEquals([claims.length, systems.length], [449, 279]);
  for (const { system } of claims) findSystem(system);
});

Deno.test("readClaims() takes a number, a pair and null as stated", () => {
  const stated = [-2.5, [1, 2], null];
  assertEquals(
    read(...stated.map((value, index) => ({ ...good, id: `c-${index}`, stated: value }))).map((c) =>
      c.stated
    ),
    [
      -2.5,
      [1, 2],
      null,
    ],
  );
});

Deno.test("readClaims() names file, id, field and value of a bad entry", () => {
  const cases: [Record<string, unknown>, string, string][] = [
    [{ stated: "1" }, "stated", '"1"'],
    [{ stated: [2, 1] }, "stated", "[2,1]"],
    [{ stated: [1] }, "stated", "[1]"],
    [{ stated: undefined }, "stated", "absent"],
    [{ system: "nowhere" }, "system", '"nowhere"'],
    [{ document: "001" }, "document", '"001"'],
    [{ priority: 4 }, "priority", "4"],
    [{ unit: "" }, "unit", '""'],
  ];
  for (const [change, field, value] of cases) {
    const { message } = assertThrows(() => read({ ...good, ...change }), TypeError);
    for (const part of ["data/claims.json", "c-one", field, `current value is ${value}`]) {
      assert(message.includes(part), `${JSON.stringify(part)} is not in: ${message}`);
    }
  }
});

Deno.test("readClaims() refuses fields that are none, an id that comes twice, and what is no list", () => {
  assertThrows(() => read({ ...good, hint: "compute it" }), TypeError, "hint");
  assertThrows(
    () => read(good, good),
    TypeError,
    'c-one: id: must be unique in the file: current value is "c-one"',
  );
  assertThrows(() => readClaims({}, "data/claims.json", systems), TypeError, "must hold a list");
});

Deno.test("readSystems() refuses a chapter that is none", () => {
  const { message } = assertThrows(
    () => readSystems([{ ...systems[0], chapter: "memory wall" }], "data/systems.json"),
    TypeError,
  );
  assert(
    message.includes(`${systems[0]!.id}: chapter`) && message.includes('"memory wall"'),
    message,
  );
});

Deno.test("findClaim() and findSystem() refuse an unknown id", () => {
  assertThrows(() => findClaim("c-ridge"), RangeError, '"c-ridge"');
  assertThrows(() => findSystem("cache"), RangeError, '"cache"');
});
