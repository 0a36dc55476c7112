/**
 * The part of `jsr:@std/assert` that the course uses, on top of `node:assert`.
 *
 * The import stays the real one, `@std/assert`; `links` in deno.json puts this module in its place, so that the
 * course installs where JSR cannot be reached. Take the link away and everything runs on the original.
 */
import assertNode from "node:assert/strict";

export const AssertionError: typeof assertNode.AssertionError = assertNode.AssertionError;

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Fails, with a message. */
export function fail(message = "Failed assertion"): never {
  throw new AssertionError({ message });
}

/** The value is truthy. */
export function assert(value: unknown, message = "Expected a truthy value"): asserts value {
  if (!value) fail(`${message}: current value is ${String(value)}`);
}

/** The value is false. */
export function assertFalse(value: unknown, message = "Expected a falsy value"): void {
  if (value) fail(`${message}: current value is ${String(value)}`);
}

/** Both values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  assertNode.deepStrictEqual(actual, expected, message);
}

/** The values differ somewhere. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  assertNode.notDeepStrictEqual(actual, expected, message);
}

/** Both are the same value. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  message?: string,
): asserts actual is T {
  assertNode.strictEqual(actual, expected, message);
}

/** The value is neither null nor undefined. */
export function assertExists<T>(
  actual: T,
  message = "Expected a value",
): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) fail(`${message}: current value is ${actual}`);
}

/** Two numbers are equal within a tolerance; by default one part in 10 million of the expected value. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 0);
  if (Math.abs(expected - actual) <= allowed) return;
  fail(
    `${
      message ? message + ": " : ""
    }Expected ${expected} within ${allowed}: current value is ${actual}`,
  );
}

/** `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, message = ""): void {
  if (!(actual > expected)) fail(`${message} Expected ${actual} > ${expected}`.trim());
}

/** `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, message = ""): void {
  if (!(actual >= expected)) fail(`${message} Expected ${actual} >= ${expected}`.trim());
}

/** `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, message = ""): void {
  if (!(actual < expected)) fail(`${message} Expected ${actual} < ${expected}`.trim());
}

/** `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, message = ""): void {
  if (!(actual <= expected)) fail(`${message} Expected ${actual} <= ${expected}`.trim());
}

/** The text holds a part. */
export function assertStringIncludes(actual: string, expected: string, message = ""): void {
  if (!actual.includes(expected)) {
    fail(
      `${message} Expected ${JSON.stringify(actual)} to include ${JSON.stringify(expected)}`.trim(),
    );
  }
}

/** The text matches a pattern. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  assertNode.match(actual, expected, message);
}

/** The text does not match a pattern. */
export function assertNotMatch(actual: string, expected: RegExp, message?: string): void {
  assertNode.doesNotMatch(actual, expected, message);
}

/** Every expected item is in the array. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  message = "",
): void {
  for (const item of Array.from(expected)) {
    const found = Array.from(actual).some((candidate) => {
      try {
        assertNode.deepStrictEqual(candidate, item);
        return true;
      } catch {
        return false;
      }
    });
    if (!found) fail(`${message} Expected the array to include ${JSON.stringify(item)}`.trim());
  }
}

/** The value is an instance of a class. */
export function assertInstanceOf<E>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any
  expected: abstract new (...args: any[]) => E,
  message = "",
): asserts actual is E {
  if (!(actual instanceof expected)) {
    fail(`${message} Expected an instance of ${expected.name}`.trim());
  }
}

/** The value is an error of a class, with a part in its message. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
): asserts error is E {
  assertInstanceOf(error, Error);
  if (errorClass && !(error instanceof errorClass)) {
    fail(`Expected ${errorClass.name}: current value is ${error.name}: ${error.message}`);
  }
  if (messageIncludes !== undefined) assertStringIncludes(error.message, messageIncludes);
}

/** The function throws; the error is returned. */
export function assertThrows<E extends Error = Error>(
  body: () => unknown,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
): E {
  try {
    body();
  } catch (error) {
    assertIsError(error, errorClass, messageIncludes);
    return error;
  }
  return fail("Expected the function to throw");
}

/** The promise rejects; the error is returned. */
export async function assertRejects<E extends Error = Error>(
  body: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
): Promise<E> {
  try {
    await body();
  } catch (error) {
    assertIsError(error, errorClass, messageIncludes);
    return error;
  }
  return fail("Expected the promise to reject");
}
