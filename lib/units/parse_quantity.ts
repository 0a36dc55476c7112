import { createMathjs } from "./mathjs.ts";
import { once } from "./once.ts";

const mathjsWithUnits = once(() => {
  const math = createMathjs({});
  math.createUnit("FLOP", { prefixes: "short" });
  math.createUnit("OP", { definition: "1 FLOP", prefixes: "short" }); // datasheets call integer operations OP
  math.createUnit("token", { aliases: ["tokens"], prefixes: "long" });
  return math;
});

/** The units in which the library keeps its numbers, one for each quantity. */
export type BaseUnit =
  | "B"
  | "B/s"
  | "FLOP"
  | "FLOP/s"
  | "FLOP/B"
  | "s"
  | "Hz"
  | "J"
  | "W"
  | "token"
  | "token/s";

const quantityNames: Record<BaseUnit, string> = {
  "B": "an amount of data such as 80 GB",
  "B/s": "a bandwidth such as 3.35 TB/s",
  "FLOP": "a number of operations such as 16 GFLOP",
  "FLOP/s": "a rate such as 989 TFLOP/s",
  "FLOP/B": "an intensity such as 295 FLOP/B",
  "s": "a time such as 20 ms",
  "Hz": "a frequency such as 1.8 GHz",
  "J": "an energy such as 5 pJ",
  "W": "a power such as 700 W",
  "token": "a number of tokens such as 4096 tokens",
  "token/s": "a speed such as 50 tokens/s",
};

/**
 * How much is "3.35 TB/s", in plain SI base units?
 *
 * mathjs does the parsing and the dimensional analysis: `GB` is 10⁹ bytes, `GiB` is 2³⁰, `Gb` is 10⁹ bits, and a text
 * of the wrong dimension is refused.
 *
 * @param text A number with its unit, as a datasheet prints it.
 * @param unit The base unit of the answer; it also says which dimension is expected.
 * @returns The value in that base unit.
 * @throws {SyntaxError} when the text is not a number with a known unit.
 * @throws {RangeError} when it has another dimension, or is not finite.
 * @example Gigabytes, gibibytes and gigabits
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseQuantity } from "@fewer-bytes/units";
 *
 * assertEquals(parseQuantity("80 GB", "B"), 80_000_000_000);
 * assertEquals(parseQuantity("80 GiB", "B"), 85_899_345_920);
 * assertEquals(parseQuantity("80 Gb", "B"), 10_000_000_000);
 * ```
 */
export function parseQuantity(text: string, unit: BaseUnit): number {
  const wanted = `expected ${quantityNames[unit]}: current value is ${JSON.stringify(text)}`;
  if (typeof text !== "string") {
    throw new TypeError(`Cannot parse a quantity as it is no text: ${wanted}`);
  }
  const math = mathjsWithUnits();
  let parsed;
  try {
    parsed = math.unit(text);
  } catch (error) {
    throw new SyntaxError(`Cannot parse a quantity, ${wanted}`, { cause: error });
  }
  // A text without a number parses too, as one unit with no value.
  if (parsed.toNumeric() === null || !/\d/.test(text)) {
    throw new SyntaxError(`Cannot parse a quantity without a number, ${wanted}`);
  }
  if (!parsed.equalBase(math.unit(unit))) {
    throw new RangeError(`Cannot use a quantity of another dimension, ${wanted}`);
  }
  const value = parsed.toNumber(unit);
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot use a quantity that is not finite, ${wanted}`);
  }
  return value;
}
