import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Formula, formula } from "@fewer-bytes/numeric";
import config from "../../deno.json" with { type: "json" };

const mayRead = (await Deno.permissions.query({ name: "read" })).state === "granted";

Deno.test("formula() computes what it prints", () => {
  const mean = formula("m = (a + b) / 2", { m: "mean", a: "one", b: "other" });
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer(),
      (a, b) => assertAlmostEquals(mean.evaluate({ a, b }), (a + b) / 2, 1e-6),
    ),
  );
  assertEquals(mean.tex, String.raw`m=\frac{a+b}{2}`);
});

Deno.test("formula() sets words upright and splits camel case", () => {
  const { tex } = formula("size = headDimension", { size: "B", headDimension: "values" });
  assertEquals(tex, String.raw`\text{size}=\text{head dimension}`);
});

Deno.test("formula() sets a letter with an index, and Greek letters, as they are written by hand", () => {
  const { tex } = formula("Tf = rho * S2", { Tf: "one", rho: "two", S2: "three" });
  assertEquals(tex, String.raw`T_f=\rho\cdot S_2`);
});

Deno.test("formula() keeps a letter apart from the dot of a product", () => {
  const { tex } = formula("a = (b - c) * b", { a: "one", b: "two", c: "three" });
  assertEquals(tex, String.raw`a=\left(b-c\right)\cdot b`);
});

Deno.test("formula() refuses text that is no assignment, and symbols without a meaning", () => {
  assertThrows(() => formula("a + b", { a: "", b: "" }).tex, SyntaxError, "name = expression");
  assertThrows(() => formula("a = ", { a: "" }).tex, SyntaxError);
  assertThrows(() => formula("a = b", { a: "" }).tex, SyntaxError, "b in");
  assertThrows(() => formula("a = b", { a: "" }).evaluate({ b: 1 }), SyntaxError, "b in");
});

Deno.test("formula() costs nothing until it is shown or computed: text that is wrong is refused then", () => {
  formula("a = ", { a: "" });
});

Deno.test({
  name: "formula() takes every formula of the library, so none fails in front of a learner",
  ignore: !mayRead,
  async fn() {
    const rooms = Object.keys(config.imports).filter((name) =>
      name.startsWith("@fewer-bytes/") && name !== "@fewer-bytes/exercises"
    );
    const exported = await Promise.all(rooms.map((room) => import(room)));
    const formulas = exported.flatMap((room) => Object.values(room)).filter(isFormula);
    assert(formulas.length > 60, "the formulas were found");
    for (const { symbols, tex, evaluate } of formulas) {
      assert(tex.includes("="), tex);
      evaluate(Object.fromEntries(Object.keys(symbols).map((name) => [name, 2])));
    }
  },
});

const isFormula = (value: unknown): value is Formula =>
  typeof value === "object" && value !== null && "symbols" in value && "tex" in value;
