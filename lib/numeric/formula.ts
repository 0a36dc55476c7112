import type { EvalFunction, MathNode } from "mathjs";
import { createMathjs, once } from "../units/mod.ts";

/** A formula that is printed and computed from one text, so that the mathematics shown cannot drift from the code. */
export interface Formula {
  /** The text, as in `ridge = peak / bandwidth`. */
  readonly expression: string;
  /** What each symbol means, with its unit. */
  readonly symbols: Readonly<Record<string, string>>;
  /** The right-hand side in LaTeX. */
  readonly tex: string;
  /** Computes the right-hand side. */
  evaluate(values: Readonly<Record<string, number>>): number;
}

/**
 * Makes a formula from a mathjs assignment. Tests evaluate it against the library's function on random inputs.
 *
 * It is parsed when it is first shown or computed: making a formula that nobody looks at costs nothing.
 *
 * @param expression `name = expression`, in mathjs syntax.
 * @param symbols The meaning of every symbol in it.
 * @throws {SyntaxError} then, when it does not parse, is no assignment, or uses a symbol without a meaning.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formula } from "@fewer-bytes/numeric";
 *
 * const ridge = formula("ridge = peak / bandwidth", { ridge: "FLOP/B", peak: "FLOP/s", bandwidth: "B/s" });
 * assertEquals(ridge.evaluate({ peak: 4500e12, bandwidth: 8e12 }), 562.5);
 * assertEquals(ridge.tex, String.raw`\text{ridge}=\frac{\text{peak}}{\text{bandwidth}}`);
 * ```
 */
export function formula(expression: string, symbols: Readonly<Record<string, string>>): Formula {
  const parsed = once(() => parseFormula(expression, symbols));
  return {
    expression,
    symbols,
    get tex() {
      return parsed().tex;
    },
    evaluate: (values) => Number(parsed().compiled.evaluate({ ...values })),
  };
}

interface Parsed {
  readonly tex: string;
  readonly compiled: EvalFunction;
}

const realMathjs = once(() => createMathjs({ predictable: true }));

function parseFormula(expression: string, symbols: Readonly<Record<string, string>>): Parsed {
  const math = realMathjs();
  const node = math.parse(expression);
  if (!math.isAssignmentNode(node)) {
    throw new SyntaxError(
      `Cannot make a formula as it must read "name = expression": current value is ${
        JSON.stringify(expression)
      }`,
    );
  }
  const used = new Set<string>();
  node.traverse((child, path) => {
    if (math.isSymbolNode(child) && path !== "fn") used.add(child.name);
  });
  const unexplained = [...used].filter((name) => !(name in symbols));
  if (unexplained.length > 0) {
    throw new SyntaxError(
      `Cannot make a formula as each symbol needs a meaning: ${unexplained.join(", ")} in ${
        JSON.stringify(expression)
      }`,
    );
  }
  /** Mathjs would set a word as a product of italic letters. */
  const handler = (child: MathNode) => math.isSymbolNode(child) ? symbolTex(child.name) : undefined;
  return {
    tex: node.toTex({ parenthesis: "auto", handler }).replaceAll(/ +/g, " ")
      // A letter right after the dot of a product would become a part of its name.
      .replaceAll(/\\cdot(?=[A-Za-z])/g, "\\cdot "),
    compiled: node.compile(),
  };
}

/**
 * A name as mathematics: a letter stays one, `Tc` is a letter with an index, `rho` is Greek, and words are set upright.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { symbolTex } from "@fewer-bytes/numeric";
 *
 * assertEquals(["m", "Tc", "rho"].map(symbolTex), ["m", "T_c", String.raw`\rho`]);
 * assertEquals(symbolTex("headDimension"), String.raw`\text{head dimension}`);
 * ```
 */
export function symbolTex(name: string): string {
  if (name.length === 1) return name;
  if (/^[A-Z][a-z0-9]$/.test(name)) return `${name[0]}_${name[1]}`;
  if (greek.has(name)) return `\\${name}`;
  return `\\text{${name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase()}}`;
}

const greek = new Set(["alpha", "beta", "gamma", "lambda", "mu", "rho", "sigma", "tau"]);
