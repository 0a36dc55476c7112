/** What checks are written with: each throws a {@linkcode Mismatch} whose words help the learner to the next step. */
import { AnswerError } from "./answer_error.ts";
import { explainRatio } from "./explain_ratio.ts";
import { isList, show } from "./show.ts";

/** An answer returned something else than expected. */
export class Mismatch extends Error {
  override name = "Mismatch";
  /** The expected value with its unit, when there is one. */
  readonly expected?: string;
  /** The learner's value with its unit. */
  readonly actual?: string;
  /** What may have gone wrong. */
  readonly advice: string;
  /** What was compared, as it is. */
  value?: unknown;

  constructor(advice: string, values?: { expected: string; actual: string }) {
    super(
      values
        ? `expected ${values.expected}, got ${values.actual}${advice && `: ${advice}`}`
        : advice,
    );
    this.advice = advice;
    if (values) Object.assign(this, values);
  }
}

/** How strictly values are compared, and what to say besides. */
export interface Expectation {
  /** The unit of the numbers: "FLOP/byte". */
  unit?: string;
  /** How far a number may be off, as a part of the expected one (where that is 0: as it is). By default 1e-9. */
  tolerance?: number;
  /** What to say when the helper has no better words. */
  hint?: string;
}

/** What a value is, when it is not what was asked for. */
function kind(value: unknown): string {
  if (value === undefined) return "your function returned nothing: is a return missing?";
  if (value === null) return "your function returned null";
  if (typeof value === "string") return "your function returned a string";
  if (isList(value)) return "your function returned a list";
  return `your function returned ${typeof value === "object" ? "an object" : `a ${typeof value}`}`;
}

/** A number as a result is read: whole ones in full up to a trillion, with groups of three digits. */
function showAmount(value: unknown, digits?: number): string {
  const whole = typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e12;
  return whole ? value.toLocaleString("en-US") : show(value, digits);
}

function compareNumbers(
  actual: unknown,
  expected: number,
  { unit, tolerance = 1e-9, hint }: Expectation,
  at = "",
): void {
  const close = typeof actual === "number" &&
    (Object.is(actual, expected) ||
      Math.abs(actual - expected) <= tolerance * (Math.abs(expected) || 1));
  if (close) return;
  const units = unit ? ` ${unit}` : "";
  const place = at && `at ${at}: `;
  const written = (digits?: number) => [expected, actual].map((value) => showAmount(value, digits));
  const rounded = written(6);
  const [expectedText, actualText] = rounded[0] === rounded[1] ? written() : rounded;
  const advice = typeof actual !== "number"
    ? at === "" ? `${kind(actual)}, a number is needed` : "a number is needed here"
    : Number.isNaN(actual)
    ? "NaN is what arithmetic gives for something that is not a number"
    : explainRatio(actual, expected, tolerance);
  throw new Mismatch([place + (advice ?? ""), hint].filter(Boolean).join("; "), {
    expected: `${expectedText}${units}`,
    actual: `${actualText}${typeof actual === "number" ? units : ""}`,
  });
}

/** A number, within a tolerance. A slip of units, a fraction upside down and the like are named. */
export function expectNumber(actual: unknown, expected: number, options: Expectation = {}): void {
  about(actual, () => compareNumbers(actual, expected, options));
}

/**
 * Numbers, texts, lists and objects, at any depth; the first place that differs is named. Arrays and typed arrays
 * are equal when their items are.
 */
export function expectEqual(actual: unknown, expected: unknown, options: Expectation = {}): void {
  about(actual, () => compare(actual, expected, options, ""));
}

/** Marks a mismatch with the value it is about, so that the call that returned it can be named. */
function about(value: unknown, compare: () => void): void {
  try {
    compare();
  } catch (error) {
    if (error instanceof Mismatch) error.value = value;
    throw error;
  }
}

function compare(actual: unknown, expected: unknown, options: Expectation, at: string): void {
  if (typeof expected === "number") return compareNumbers(actual, expected, options, at);
  const fail = (advice: string): never => {
    throw new Mismatch([at && `at ${at}`, advice, options.hint].filter(Boolean).join(": "), {
      expected: show(expected, 6),
      actual: show(actual, 6),
    });
  };
  if (isList(expected)) {
    if (!isList(actual)) {
      return fail(at === "" ? `${kind(actual)}, a list is needed` : "a list is needed here");
    }
    for (let index = 0; index < Math.min(actual.length, expected.length); index++) {
      compare(actual[index], expected[index], options, `${at}[${index}]`);
    }
    if (actual.length !== expected.length) {
      fail(`the list has ${actual.length} items, and ${expected.length} are needed`);
    }
  } else if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null || isList(actual)) {
      return fail(at === "" ? `${kind(actual)}, an object is needed` : "an object is needed here");
    }
    for (const [key, value] of Object.entries(expected)) {
      if (!Object.hasOwn(actual, key)) fail(`the field ${key} is missing`);
      compare(
        (actual as Record<string, unknown>)[key],
        value,
        options,
        at === "" ? key : `${at}.${key}`,
      );
    }
    const extra = Object.keys(actual).find((key) => !Object.hasOwn(expected, key));
    if (extra !== undefined) fail(`the field ${extra} is one too many`);
  } else if (!Object.is(actual, expected)) {
    fail(at === "" && typeof actual !== typeof expected ? kind(actual) : "");
  }
}

/** A property: `expectThat(large > small, "a larger batch must read no fewer bytes")`. */
export function expectThat(holds: boolean, words: string): void {
  if (!holds) throw new Mismatch(words);
}

/** The answer refuses an input: `expectThrows(() => answer(0), { mentions: "bandwidth" })`. */
export async function expectThrows(
  call: () => Promise<unknown>,
  { mentions, hint }: { mentions?: string; hint?: string } = {},
): Promise<void> {
  let value: unknown;
  try {
    value = await call();
  } catch (error) {
    if (!(error instanceof AnswerError) || !error.thrown) throw error;
    if (mentions === undefined || error.message.includes(mentions)) return;
    throw new Mismatch(hint ?? "", {
      expected: `an error that mentions "${mentions}"`,
      actual: error.message,
    });
  }
  throw new Mismatch(hint ?? "throw an error instead of returning a value", {
    expected: "an error",
    actual: show(value, 6),
  });
}
