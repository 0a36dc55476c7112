import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { exerciseCell } from "../../../../kit/exercises/suite.ts";
import type { Notebook } from "../../../../kit/notebook/mod.ts";
import { Grader, type GraderOptions } from "../../../../kit/workbench/grade/grader.ts";
import { startGraderWorker } from "../../../../kit/workbench/grade/grader_thread.ts";
import type { GraderRequest } from "../../../../kit/workbench/grade/grader_worker.ts";
import { attainable, ridge } from "../../../exercises/01_memory_wall.ts";

const ignore = Deno.permissions.querySync({ name: "read" }).state !== "granted";

function notebook(...sources: string[]): Notebook {
  const cells = sources.map((source, index) => ({
    cell_type: "code" as const,
    id: `cell-${index}`,
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  }));
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

/** Chapter 01 with this answer to its first exercise; the others are lost. */
function answered(body: string) {
  const source = `const ridge = (peak: number, bandwidth: number) => ${body};`;
  return { name: "01_memory_wall", book: notebook(`${source}\nawait check("01.1", ridge);`) };
}

/** Answers that do not parse: they fail without a sandbox, which takes half a second to start. */
const [unreadable, alsoUnreadable] = [answered("((("), answered(")))")];

/** A grader that counts the threads it starts, those that ended, and the answers that they are to run. */
function watched(options: Omit<GraderOptions, "start"> = {}) {
  const counts = { started: 0, ended: 0, run: 0 };
  const start = () => {
    counts.started++;
    const worker = startGraderWorker();
    const { postMessage, terminate } = worker;
    worker.postMessage = (message: GraderRequest) => {
      if (message.type === "ask" && message.question.type === "grade") counts.run++;
      postMessage.call(worker, message);
    };
    worker.terminate = () => {
      counts.ended++;
      terminate.call(worker);
    };
    return worker;
  };
  return { counts, grader: new Grader({ ...options, start }) };
}

/** How the first exercise of a notebook is. */
async function first(grader: Grader, notebook: { name: string; book: Notebook }): Promise<string> {
  const { status, earned } = (await grader.grade([notebook]))[0]!.exercises[0]!;
  return `${status} ${earned}`;
}

const patience = () => new Promise((resolve) => setTimeout(resolve, 10));

Deno.test({
  name: "a grader tells how far each exercise of a chapter is, and runs no answer twice",
  ignore,
  async fn() {
    const { grader, counts } = watched({ sandbox: { timeLimit: 300 } });
    await using _ = grader;
    const solved = `${await grader.solution("01.1")}\nawait check("01.1", ridge);`;
    const right = notebook(solved, exerciseCell(attainable));
    const notebooks: [status: string, notebook: { name: string; book: Notebook }][] = [
      ["passed 10", { name: "01_memory_wall", book: right }],
      ["not attempted 0", { name: "01_memory_wall", book: notebook(exerciseCell(ridge)) }],
      ["not attempted 0", { name: "01_memory_wall", book: notebook() }],
      ["partial 3", answered("peak === 10 ? 2 : 0")],
      ["failed 0", answered("{ for (;;); }")],
      ["failed 0", unreadable],
      // A cell without a source: finding answers throws.
      ["failed 0", { name: "01_memory_wall", book: notebook(null as unknown as string) }],
      ["undefined undefined", { name: "scratch", book: right }],
    ];
    const graded = await grader.grade(notebooks.map(([, notebook]) => notebook));
    assertEquals(graded.map(({ name }) => name), notebooks.map(([, { name }]) => name));
    assertEquals(
      graded.map(({ exercises: [ridge] }) => `${ridge?.status} ${ridge?.earned}`),
      notebooks.map(([status]) => status),
    );
    const { title, points } = ridge;
    const [one, ...others] = graded[0]!.exercises;
    assertEquals(one, { id: "01.1", title, points, earned: points, status: "passed" });
    assert(others.length > 1, "the stub that follows and what is lost are there, too");
    for (const { status, earned } of others) assertEquals([status, earned], ["not attempted", 0]);
    assertEquals(counts, { started: 1, ended: 0, run: 4 });

    assertEquals(await grader.grade(notebooks.map(([, notebook]) => notebook)), graded);
    assertEquals(counts.run, 4, "nothing has changed, so nothing runs");
    assertEquals(await first(grader, alsoUnreadable), "failed 0");
    assertEquals(counts.run, 5);
  },
});

Deno.test({
  name: "a grader knows the exercises of the course, and the solution of each",
  ignore,
  async fn() {
    await using grader = new Grader();
    const { id, chapter, title, points, name, solution } = ridge;
    const known = await grader.exercises();
    assertEquals(known.find((exercise) => exercise.id === id), {
      id,
      chapter,
      title,
      points,
      name,
    });
    assertEquals(await grader.solution(id), solution);
    await assertRejects(() => grader.solution("99.1"), RangeError, "current value is 99.1");
  },
});

Deno.test({
  name: "calls that overlap share one thread, and one run of the same answer",
  ignore,
  async fn() {
    const { grader, counts } = watched();
    await using _ = grader;
    await Promise.all([unreadable, unreadable, alsoUnreadable].map((book) => first(grader, book)));
    assertEquals(counts, { started: 1, ended: 0, run: 2 });
  },
});

Deno.test({
  name: "the thread ends after its idle time; results are kept, and a new answer starts another",
  ignore,
  async fn() {
    const { grader, counts } = watched({ idleTime: 0 });
    await using _ = grader;
    assertEquals(await first(grader, unreadable), "failed 0");
    while (counts.ended < counts.started) await patience();
    const { started } = counts;
    assertEquals(await first(grader, unreadable), "failed 0");
    assertEquals(counts.started, started, "an answer that is known needs no thread");
    assertEquals(await first(grader, alsoUnreadable), "failed 0");
    assertEquals(counts.started, started + 1);
  },
});

Deno.test({
  name: "a thread that crashes rejects the calls under way, and the next call starts another",
  ignore,
  async fn() {
    let crashes = 1;
    const code = `onmessage = ({ data }) => {
      if (data.type === "ask") throw new Error("out of order (as this test wants it)");
    };`;
    const start = () =>
      crashes-- > 0
        ? new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" })
        : startGraderWorker();
    await using grader = new Grader({ start });
    const calls = [grader.exercises(), grader.solution("01.1"), first(grader, unreadable)];
    for (const outcome of await Promise.allSettled(calls)) {
      assert(outcome.status === "rejected");
      assertMatch(
        outcome.reason.message,
        /^Cannot check answers as the thread that does it ended: .*out of order/,
      );
    }
    assertEquals(await first(grader, unreadable), "failed 0");
  },
});

Deno.test({
  name: "closing a grader rejects what is under way and all later calls, and ends its thread",
  ignore,
  async fn() {
    const { grader, counts } = watched({ sandbox: { timeLimit: 300 } });
    const looping = assertRejects(() => first(grader, answered("{ for (;;); }")), Error, "closed");
    while (counts.run === 0) await patience();
    await grader[Symbol.asyncDispose]();
    await looping;
    assertEquals(counts, { started: 1, ended: 1, run: 1 });
    await assertRejects(() => first(grader, unreadable), Error, "the grader is closed");
  },
});

Deno.test("a grader that was never asked starts no thread, and can be closed", async () => {
  const { grader, counts } = watched();
  await grader[Symbol.asyncDispose]();
  assertEquals(counts.started, 0);
});
