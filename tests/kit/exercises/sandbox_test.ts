import { assert, assertEquals, assertRejects } from "@std/assert";
import { AnswerError } from "../../../kit/exercises/answer_error.ts";
import { Sandboxes } from "../../../kit/exercises/sandbox.ts";

const sandboxes = new Sandboxes({ timeLimit: 500, heapMegabytes: 64, warm: 3 });
Deno.test.afterAll(() => sandboxes[Symbol.asyncDispose]());

/** Calls the answer of a cell once. */
async function call(source: string, ...args: unknown[]): Promise<unknown> {
  await using sandbox = sandboxes.open(source, "99.1");
  return await sandbox.answer(...args);
}

/** The cell hands over this answer. */
const answer = (code: string) => `await check("99.1", ${code});`;

Deno.test("a sandbox runs TypeScript, and returns plain data and typed arrays", async () => {
  assertEquals(
    await call("enum Bits { four = 4 } " + answer("(n: number): number => n * Bits.four"), 3),
    12,
  );
  assertEquals(
    await call(answer('() => ({ codes: new Int8Array([1, -2]), text: "π → ∞", none: undefined })')),
    {
      codes: new Int8Array([1, -2]),
      text: "π → ∞",
      none: undefined,
    },
  );
  assertEquals(await call(answer("async (n: number) => { await 0; return n; }"), NaN), NaN);
});

Deno.test("a sandbox takes the last answer that the cell hands over for the exercise, and no other", async () => {
  assertEquals(
    await call(answer("() => 1") + answer("() => 2") + 'check("99.2", () => 3); hint("99.1");'),
    2,
  );
});

const refused: [what: string, source: string, words: string][] = [
  ["a loop without an end", answer("() => { for (;;); }"), "took longer than 0.5 s"],
  [
    "a loop without an end that catches everything",
    answer("() => { for (;;) try { for (;;); } catch {} }"),
    "took longer",
  ],
  [
    "a loop without an end while loading",
    "for (;;);" + answer("() => 1"),
    "took longer than 0.5 s",
  ],
  ["a promise that never settles", answer("() => new Promise(() => {})"), "took longer than 0.5 s"],
  [
    "a cell that never finishes loading",
    "await new Promise(() => {});" + answer("() => 1"),
    "took longer than 0.5 s",
  ],
  [
    "an error",
    answer('() => { throw new TypeError("not ready"); }'),
    "your code threw TypeError: not ready",
  ],
  [
    "a thrown value that cannot be shown",
    answer("() => { throw { toString() { throw 1; } }; }"),
    "cannot be shown",
  ],
  ["a function as the result", answer("() => () => 1"), "a function that cannot be copied"],
  ["a symbol as the result", answer("() => Symbol()"), "a symbol that cannot be copied"],
  ["a function inside the result", answer("() => [{ f() {} }]"), "cannot be copied"],
  ["a result too large to copy", answer("() => new Uint8Array(2 ** 27)"), "more than 64 MiB"],
  ["reading a file", answer('() => Deno.readTextFileSync("deno.json")'), "asked for a permission"],
  ["reading the environment", answer("() => Deno.env.toObject()"), "asked for a permission"],
  [
    "running a program",
    answer('() => new Deno.Command("true").outputSync()'),
    "asked for a permission",
  ],
  [
    "reaching the network",
    answer('() => fetch("http://localhost:8080/")'),
    "asked for a permission",
  ],
  [
    "importing a module",
    'import { x } from "@fewer-bytes/units";' + answer("() => x"),
    "with no imports and no permissions",
  ],
  [
    "importing a file",
    answer('() => import("file:///etc/passwd")'),
    "with no imports and no permissions",
  ],
  ["importing by a made-up name", answer('() => eval("im" + "port(\\"node:fs\\")")'), "threw"],
  ["ending the process", answer("() => Deno.exit(0)"), "ended its own thread"],
  ["ending the process while loading", "Deno.exit(0);" + answer("() => 1"), "ended its own thread"],
  [
    "sending messages of its own",
    answer("() => { for (;;) postMessage({ value: 1 }); }"),
    "postMessage is not defined",
  ],
  [
    "a helper of another cell",
    answer("() => helperX(1)"),
    "helperX is not defined: an answer is graded alone, so keep",
  ],
  ["a cell that does not parse", "function f(: {", "the cell does not parse"],
  [
    "a name declared twice",
    "const a = 1; const a = 2;" + answer("() => a"),
    "the cell does not parse",
  ],
  ["no answer at all", "const a = 1;", "gives check() no function"],
  ["an answer that is no function", answer("3"), "gives check() no function"],
];

for (const [what, source, words] of refused) {
  Deno.test(`a sandbox refuses ${what}, and says so`, async () => {
    await assertRejects(() => call(source), AnswerError, words);
  });
}

Deno.test("a sandbox that fills its memory takes nothing else down", async () => {
  const patient = new Sandboxes({ timeLimit: 20_000, heapMegabytes: 32, warm: 0 });
  try {
    await using greedy = patient.open(
      "const a: object[] = [];" + answer("() => { for (;;) a.push({ a }); }"),
      "99.1",
    );
    await assertRejects(() => greedy.answer(), AnswerError, "used too much memory");
    await using modest = patient.open(answer("() => 1"), "99.1");
    assertEquals(await modest.answer(), 1);
  } finally {
    await patient[Symbol.asyncDispose]();
  }
});

Deno.test("a call that was stopped leaves the next one unharmed", async () => {
  await using sandbox = sandboxes.open(
    answer("(n: number) => { while (n === 1); return n; }"),
    "99.1",
  );
  assertEquals(await sandbox.answer(2), 2);
  await assertRejects(() => sandbox.answer(1), AnswerError, "took longer");
  assertEquals(await sandbox.answer(3), 3);
});

Deno.test("an answer that spoils its own room changes nothing outside of it", async () => {
  const spoil =
    `Object.prototype.value = 1; Array.prototype.push = () => 1; Map.prototype.get = () => 1;
    MessagePort.prototype.postMessage = () => {}; JSON.stringify = () => "1"; Promise.prototype.then = () => {};`;
  const value = await call(spoil + answer("() => ({ own: 7 })")).catch(() => "nothing");
  assert(JSON.stringify(value) === '{"own":7}' || value === "nothing");
  assertEquals(({} as { value?: number }).value, undefined);
});

Deno.test("an answer that finds the port can reply to no call but its own", async () => {
  const forge = `const { workerData: port } = process.getBuiltinModule("node:worker_threads");
    for (let call = 0; call < 9; call++) port.postMessage({ type: "value", call, value: 42 });`;
  assertEquals(await call(forge + answer("() => 1")), 1);
});

Deno.test("a closed sandbox answers no call", async () => {
  const sandbox = sandboxes.open(answer("() => new Promise(() => {})"), "99.1");
  const waiting = assertRejects(() => sandbox.answer(), AnswerError, "the sandbox is closed");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await sandbox[Symbol.asyncDispose]();
  await waiting;
});
