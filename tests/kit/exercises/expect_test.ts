import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { AnswerError } from "../../../kit/exercises/answer_error.ts";
import {
  expectEqual,
  expectNumber,
  expectThat,
  expectThrows,
  Mismatch,
} from "../../../kit/exercises/expect.ts";

/** The words of a mismatch. */
function mismatch(run: () => void): Mismatch {
  const error = assertThrows(run, Mismatch);
  assertInstanceOf(error, Mismatch);
  return error;
}

Deno.test("expectNumber() accepts a number within the tolerance, relative to the expected one", () => {
  expectNumber(1e15 * (1 + 5e-10), 1e15);
  expectNumber(295.22, 295.2, { tolerance: 1e-3 });
  expectNumber(1e-10, 0);
  mismatch(() => expectNumber(1e15 * (1 + 2e-9), 1e15));
  mismatch(() => expectNumber(1e-8, 0));
});

Deno.test("expectNumber() states both values with their unit, and what may have gone wrong", () => {
  const error = mismatch(() => expectNumber(8 * 147456, 147456, { unit: "bytes" }));
  assertEquals([error.expected, error.actual], ["147,456 bytes", "1,179,648 bytes"]);
  assertEquals(
    error.message,
    "expected 147,456 bytes, got 1,179,648 bytes: your value is 8 times too large: are bits and bytes mixed up?",
  );
});

Deno.test("expectNumber() shows enough digits to tell two close values apart", () => {
  const error = mismatch(() => expectNumber(295.223891, 295.223881));
  assertEquals([error.expected, error.actual], ["295.223881", "295.223891"]);
});

Deno.test("expectNumber() says what came instead of a number", () => {
  const cases: [unknown, string][] = [
    [undefined, "returned nothing: is a return missing?"],
    ["4", "returned a string"],
    [null, "returned null"],
    [[4], "returned a list"],
    [{ value: 4 }, "returned an object"],
    [4n, "returned a bigint"],
    [NaN, "not a number"],
  ];
  for (const [value, words] of cases) {
    assertStringIncludes(mismatch(() => expectNumber(value, 4)).message, words);
  }
});

Deno.test("expectNumber() ends with the hint of the check", () => {
  const error = mismatch(() => expectNumber(5, 4, { hint: "count the scales too" }));
  assertEquals(error.message, "expected 4, got 5: count the scales too");
});

Deno.test("expectEqual() accepts equal structures, lists and typed arrays alike, numbers within the tolerance", () => {
  expectEqual({ codes: new Int8Array([1, -2]), scale: 0.1 + 0.2 }, { codes: [1, -2], scale: 0.3 });
  expectEqual("a", "a");
  expectEqual([], new Uint8Array());
  expectEqual(null, null);
});

Deno.test("expectEqual() names the first place that differs", () => {
  const cases: [unknown, unknown, string][] = [
    [[1, 2, 4], [1, 2, 3], "expected 3, got 4: at [2]"],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, "at a[0].b: your value is 2 times too small"],
    [[1, 2], [1, 2, 3], "the list has 2 items, and 3 are needed"],
    [{ a: 1 }, { a: 1, b: 2 }, "the field b is missing"],
    [{ a: 1, b: 2 }, { a: 1 }, "the field b is one too many"],
    [undefined, [1], "returned nothing"],
    [{ 0: 1 }, [1], "a list is needed"],
    [[1], { a: 1 }, "an object is needed"],
    ["memory", "compute", 'expected "compute", got "memory"'],
    [{ a: "1" }, { a: 1 }, "at a: a number is needed here"],
  ];
  for (const [actual, expected, words] of cases) {
    assertStringIncludes(mismatch(() => expectEqual(actual, expected)).message, words);
  }
});

Deno.test("expectThat() fails with the words of the check", () => {
  expectThat(true, "never said");
  assertEquals(
    mismatch(() => expectThat(false, "must rise with the batch")).message,
    "must rise with the batch",
  );
});

Deno.test("expectThrows() wants an error of the answer, with a word in its message", async () => {
  const thrown = () =>
    Promise.reject(new AnswerError("your code threw RangeError: bits", { thrown: true }));
  await expectThrows(thrown, { mentions: "bits" });
  await assertRejects(
    () => expectThrows(thrown, { mentions: "bytes" }),
    Mismatch,
    'an error that mentions "bytes"',
  );
  await assertRejects(
    () => expectThrows(() => Promise.resolve(3)),
    Mismatch,
    "expected an error, got 3",
  );
});

Deno.test("expectThrows() is not content with an answer that was stopped", async () => {
  await assertRejects(
    () => expectThrows(() => Promise.reject(new AnswerError("took too long"))),
    AnswerError,
    "too long",
  );
});
