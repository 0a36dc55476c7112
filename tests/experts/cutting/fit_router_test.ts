import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { fitRouter, routeTokens } from "@fewer-bytes/experts";
import { Matrix, seeded } from "@fewer-bytes/numeric";

const random = seeded(8);
const normal = (rows: number, columns: number) =>
  new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );

Deno.test("fitRouter() finds the router that made what was measured", () => {
  const [inputs, hidden] = [normal(60, 5), normal(3, 5)];
  const found = fitRouter(inputs, inputs.multiply(hidden.transpose()), 1e-12);
  found.data.forEach((value, i) => assertAlmostEquals(value, hidden.data[i]!, 1e-6));
});

Deno.test("fitRouter() leaves no first-order improvement: the gradient of its own loss is zero", () => {
  const [inputs, measured] = [normal(40, 4), normal(40, 2)];
  const strength = 0.3;
  const router = fitRouter(inputs, measured, strength);
  const ridge = strength * inputs.data.reduce((sum, x) => sum + x * x, 0) / inputs.columns;
  for (let expert = 0; expert < 2; expert++) {
    for (let i = 0; i < 4; i++) {
      let gradient = ridge * router.get(expert, i);
      for (let token = 0; token < 40; token++) {
        const guess = inputs.row(token).reduce((sum, x, j) => sum + x * router.get(expert, j), 0);
        gradient += (guess - measured.get(token, expert)) * inputs.get(token, i);
      }
      assertAlmostEquals(gradient, 0, 1e-9);
    }
  }
});

Deno.test("fitRouter() sends new tokens where measuring would have sent them", () => {
  const rule = { expertsPerToken: 2 };
  const truth = normal(6, 10);
  const shares = (inputs: Matrix<Float64Array>) =>
    inputs.multiply(truth.transpose()).map((value) => value + 0.05 * random.normal());
  const [seen, unseen] = [normal(300, 10), normal(100, 10)];
  const router = fitRouter(seen, shares(seen));
  const wanted = routeTokens(unseen, truth, rule);
  const same = routeTokens(unseen, router, rule).filter(({ experts }, token) =>
    [...experts].sort().join() === [...wanted[token]!.experts].sort().join()
  );
  assert(same.length > 85, String(same.length));
});

Deno.test("fitRouter() refuses rows that do not match, and a strength that is not above zero", () => {
  assertThrows(() => fitRouter(normal(3, 2), normal(4, 2)), TypeError, "a row of inputs");
  assertThrows(() => fitRouter(normal(0, 2), normal(0, 2)), TypeError, "a row of inputs");
  assertThrows(() => fitRouter(normal(3, 2), normal(3, 2), 0), RangeError, "strength");
});
