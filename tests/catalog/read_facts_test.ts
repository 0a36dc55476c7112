import { assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { factFields, factReader } from "../../lib/catalog/read_facts.ts";

const source = { of: ["speed"], title: "A", url: "https://example.org/a", checked: "read" };
const car = { id: "red-car", name: "Red car", doors: 4, speed: 3, sources: [source] };
const entry = z.strictObject({ ...factFields, doors: z.int(), speed: z.number() });
const read = (...cars: unknown[]) => factReader({ cars }, "cars.json", ["doors"])("cars", entry);

Deno.test("factReader() gives the entries of a list as they are", () => {
  assertEquals(read(car)[0]!.speed, 3);
});

Deno.test("factReader() names the file, the entry and the field that is wrong", () => {
  assertThrows(() => read({ ...car, doors: 1.5 }), TypeError, "cars.json: red-car: doors");
  assertThrows(() => read({ ...car, id: 7 }), TypeError, "cars.json: cars, entry 0");
  assertThrows(() => factReader({}, "cars.json", [])("cars", entry), TypeError, "a list of cars");
});

Deno.test("factReader() wants a source of each figure, none of a choice, and one id for one entry", () => {
  const nothing = { ...car, sources: [{ ...source, of: ["doors"] }] };
  assertThrows(() => read(nothing), TypeError, "must name a source of speed");
  assertThrows(() => read(car, car), TypeError, "id must be unique");
});
