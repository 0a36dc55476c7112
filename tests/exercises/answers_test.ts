/**
 * Grades the answers in the notebooks: one test an exercise, one step a check. What is not attempted is ignored: it is
 * no failure, and it never counts as passed.
 */
import { findAnswer } from "../../kit/exercises/answer_cell.ts";
import { runChecks } from "../../kit/exercises/run.ts";
import { Sandboxes } from "../../kit/exercises/sandbox.ts";
import { type Notebook, parseNotebook } from "../../kit/notebook/mod.ts";
import { exercises } from "./mod.ts";
import { notebooks } from "./notebooks.ts";

const sandboxes = new Sandboxes({ warm: 2 });
Deno.test.afterAll(() => sandboxes[Symbol.asyncDispose]());

/** A failure whose message says all: a stack would only lead into the grader. */
function failure(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

const readable: Notebook[] = [];
for (const [name, json] of Object.entries(notebooks)) {
  try {
    readable.push(parseNotebook(json, name));
  } catch (error) {
    Deno.test(`${name} can be read`, () => {
      throw failure((error as Error).message);
    });
  }
}

for (const exercise of exercises) {
  const cell = readable.map((notebook) => findAnswer(notebook, exercise)).find((cell) =>
    cell !== undefined
  );
  Deno.test({
    name: `${exercise.id} ${exercise.title}`,
    ignore: !cell?.attempted,
    fn: async (test) => {
      await using sandbox = sandboxes.open(cell!.source, exercise.id);
      const { checks } = await runChecks(exercise, sandbox.answer);
      for (const { name, passed, message } of checks) {
        await test.step(name, () => {
          if (!passed) throw failure(message);
        });
      }
    },
  });
}
