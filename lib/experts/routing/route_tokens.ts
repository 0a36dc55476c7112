import type { Matrix } from "../../numeric/mod.ts";
import { route, type Routed, type RoutingRule } from "./route.ts";

/**
 * Where do real vectors go? The router is one small matrix: a logit for each expert is the product of its row with the
 * token's hidden state.
 *
 * @param inputs One row for each token.
 * @param router One row for each expert, as wide as the hidden state.
 * @throws {TypeError} when the widths differ.
 * @example Two experts that look at opposite signs
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { routeTokens } from "@fewer-bytes/experts";
 * import { Matrix } from "@fewer-bytes/numeric";
 *
 * const router = Matrix.from([[1], [-1]]);
 * const routed = routeTokens(Matrix.from([[3], [-2]]), router, { expertsPerToken: 1 });
 * assertEquals(routed.map(({ experts }) => experts[0]), [0, 1]);
 * ```
 */
export function routeTokens(inputs: Matrix, router: Matrix, rule: RoutingRule): Routed[] {
  if (inputs.columns !== router.columns) {
    throw new TypeError(
      `Cannot route tokens as they must be as wide as the router, ${router.columns}: current width is ${inputs.columns}`,
    );
  }
  const logits = inputs.multiply(router.transpose());
  return Array.from({ length: inputs.rows }, (_, token) => route(logits.row(token), rule));
}
