import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { formula } from "@fewer-bytes/numeric";

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
  assertThrows(() => formula("a + b", { a: "", b: "" }), SyntaxError, "name = expression");
  assertThrows(() => formula("a = ", { a: "" }), SyntaxError);
  assertThrows(() => formula("a = b", { a: "" }), SyntaxError, "b in");
});
