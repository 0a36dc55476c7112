import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  meets,
  ratioOf,
  type Relation,
  type Stated,
  toleranceOf,
  type Verdict,
  verdictOf,
} from "@fewer-bytes/claims";

type Target = Exclude<Stated, null>;

Deno.test("toleranceOf() is half a unit of the last digit, but at least 5 % and at most 10 %", () => {
  const cases: [number, number][] = [
    [562, 0.05],
    [0.254, 0.05],
    [4500, 0.05],
    [16, 0.05],
    [8, 0.5 / 8],
    [7, 0.5 / 7],
    [0.8, 0.05 / 0.8],
    [-8, 0.5 / 8],
    [4, 0.1],
    [1, 0.1],
    [50, 0.1], // the last digit that is not zero: half of 10
    [250, 0.05],
    [1000, 0.1],
    [1e21, 0.1],
    [0, 0],
  ];
  for (const [stated, expected] of cases) {
    assertAlmostEquals(toleranceOf(stated), expected, 1e-12, String(stated));
  }
  assertThrows(() => toleranceOf(NaN), RangeError);
});

Deno.test("meets() follows the relation, with tolerance for figures and none for bounds", () => {
  const cases: [derived: number, Relation, Target, boolean][] = [
    [562.5, "about", 562, true],
    [590.1, "about", 562, true],
    [590.2, "about", 562, false],
    [1.64, "about", 2, false], // it rounds to 2, yet it is not about 2
    [2.15, "about", 2, true],
    [1.8, "about", 2, true], // exactly at the tolerance
    [-1.9, "about", -2, true],
    [1.9, "about", -2, false],
    [0, "about", 0, true],
    [1e-9, "about", 0, false],
    [1, "at most", 1, true],
    [0.1 + 0.2, "at most", 0.3, true], // 0.30000000000000004
    [1.001, "at most", 1, false],
    [-5, "at most", -4, true],
    [-3, "at most", -4, false],
    [30, "at least", 30, true],
    [29.9, "at least", 30, false],
    [0, "at least", 0, true],
    [-0.1, "at least", 0, false],
    [10, "within", [10, 1000], true],
    [1100, "within", [10, 1000], true], // the ends are figures too
    [1101, "within", [10, 1000], false],
    [8.9, "within", [10, 1000], false],
    [-2.1, "within", [-2, 3], true],
    [-2.3, "within", [-2, 3], false],
    [0, "within", [0, 1], true],
    [-0.001, "within", [0, 1], false],
  ];
  for (const [derived, relation, stated, expected] of cases) {
    assertEquals(meets(derived, relation, stated), expected, `${derived} ${relation} ${stated}`);
  }
});

Deno.test("meets() refuses a relation that does not fit, and values that are not finite", () => {
  assertThrows(() => meets(1, "within", 1), TypeError, "needs a pair");
  assertThrows(() => meets(1, "about", [1, 2]), TypeError, "needs one number");
  assertThrows(() => meets(NaN, "about", 1), RangeError, "NaN");
  assertThrows(() => meets(Infinity, "at least", 1), RangeError, "Infinity");
});

Deno.test("verdictOf() looks at the other condition only when the claim fails on its own words", () => {
  const cases: [Target, Relation, derived: number, otherwise: number | undefined, Verdict][] = [
    [4, "about", 4.3, undefined, "reproduced"],
    [4, "about", 4.3, 100, "reproduced"],
    [4, "about", 2.7, 4.3, "holds under other conditions"],
    [4, "about", 2.7, 3, "contradicted"],
    [4, "about", 2.7, undefined, "contradicted"],
    [1, "at most", 1.86, 0.71, "holds under other conditions"],
    [1, "at most", 0, undefined, "reproduced"],
    [30, "at least", 12.7, undefined, "contradicted"],
    [[10, 1000], "within", 2000, 1000, "holds under other conditions"],
    [0, "about", 0, undefined, "reproduced"],
  ];
  for (const [stated, relation, derived, otherwise, expected] of cases) {
    assertEquals(
      verdictOf(stated, relation, derived, otherwise),
      expected,
      `${derived} ${relation} ${stated}`,
    );
  }
});

Deno.test("ratioOf() is derived over stated, over the nearer end of a pair, and null over nothing or zero", () => {
  const cases: [number | null, Stated, number | null][] = [
    [1, 2, 0.5],
    [-1, 2, -0.5],
    [2000, [10, 1000], 2],
    [5, [10, 1000], 0.5],
    [500, [10, 1000], 1],
    [-1, [0, 1], null],
    [1, 0, null],
    [1, null, null],
    [null, 1, null],
  ];
  for (const [derived, stated, expected] of cases) assertEquals(ratioOf(derived, stated), expected);
});
