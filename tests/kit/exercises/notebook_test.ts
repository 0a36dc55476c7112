import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { javaScript } from "../../../kit/exercises/compile_cell.ts";
import { check, hint, NotYet } from "../../../kit/exercises/notebook.ts";
import type { AnswerFunction } from "../../../kit/exercises/suite.ts";
import { exercises } from "../../exercises/mod.ts";

const exercise = exercises[0]!;
const { id, name, stub, reference } = exercise;

/** What is printed meanwhile: outside of the kernel, cards are text. */
async function printed(run: () => Promise<unknown>): Promise<string> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => void lines.push(line);
  try {
    await run();
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

Deno.test("check() shows a passed card for the reference, and throws nothing", async () => {
  const { points } = exercise;
  assertStringIncludes(
    await printed(() => check(id, reference)),
    `passed: ${points} of ${points} points`,
  );
});

Deno.test("check() is calm about an untouched stub: it shows an invitation, and throws nothing", async () => {
  const blank = new Function(`${javaScript(stub)}; return ${name};`)() as AnswerFunction;
  const card = await printed(() => check(id, blank));
  assertStringIncludes(card, "your turn");
  assertEquals(card.includes("Hint"), false);
});

Deno.test("check() throws a short error on failure, and reveals one more hint each time, up to the third", async () => {
  const hints: number[] = [];
  for (let run = 0; run < 4; run++) {
    const card = await printed(async () => {
      const error = await assertRejects(
        () => check(id, () => "wrong"),
        NotYet,
        "checks passed, 0 of",
      );
      assertEquals(error.stack?.split("\n").length, 1);
    });
    hints.push(card.match(/Hint \d of 3/g)?.length ?? 0);
  }
  assertEquals(hints, [1, 2, 3, 3]);
  assertEquals((await printed(() => hint(id))).match(/Hint \d of 3/g)?.length, 3);
});

Deno.test("check() lists the exercises of the chapter when there is none of that id", async () => {
  const known = exercises.filter(({ chapter }) => chapter === exercise.chapter).map(({ id }) => id)
    .join(", ");
  await assertRejects(
    () => check(`${exercise.chapter}.77`, reference),
    RangeError,
    `one of ${known}: current value is`,
  );
  await assertRejects(() => hint("77.1"), RangeError, "77.1");
});

Deno.test("check() asks for a function", async () => {
  const nothing = undefined as unknown as AnswerFunction;
  await assertRejects(
    () => check(id, nothing),
    TypeError,
    `${name} must be a function: current value is undefined`,
  );
});
