import { assertEquals, assertThrows } from "@std/assert";
import { route, routeTokens } from "@fewer-bytes/experts";
import { Matrix, seeded } from "@fewer-bytes/numeric";

Deno.test("routeTokens() sends each row where the dot products with the router's rows say", () => {
  const random = seeded(3);
  const matrix = (rows: number, columns: number) =>
    new Matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => random.normal()));
  const inputs = matrix(7, 5), router = matrix(6, 5);
  const rule = { expertsPerToken: 2 };
  const routed = routeTokens(inputs, router, rule);
  assertEquals(routed.length, 7);
  routed.forEach((one, token) => {
    const logits = router.toRows().map((row) =>
      row.reduce((sum, weight, place) => sum + weight * inputs.get(token, place), 0)
    );
    assertEquals(one.experts, route(logits, rule).experts);
  });
});

Deno.test("routeTokens() refuses vectors of another width", () => {
  const inputs = Matrix.zeros(1, 3), router = Matrix.zeros(2, 4);
  assertThrows(() => routeTokens(inputs, router, { expertsPerToken: 1 }), TypeError, "width is 3");
});
