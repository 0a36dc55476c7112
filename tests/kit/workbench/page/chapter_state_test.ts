import { assertEquals, assertStrictEquals } from "@std/assert";
import { announce } from "../../../../kit/workbench/page/announce.ts";
import {
  type ChapterState,
  codeCellsOf,
  hasFailed,
  reduce,
} from "../../../../kit/workbench/page/chapter_state.ts";
import type { ServerMessage } from "../../../../kit/workbench/protocol.ts";
import { sampleChapter } from "./chapter_sample.ts";

const failure = '<div class="output error" role="region"><p>Error</p></div>';

/** The states after each message, from the opened chapter on. */
function play(messages: readonly ServerMessage[]): ChapterState[] {
  const states: ChapterState[] = [];
  for (const message of [{ type: "chapter", chapter: sampleChapter() } as const, ...messages]) {
    const next = reduce(states.at(-1) ?? null, message, 5000);
    if (next) states.push(next);
  }
  return states;
}

/** What is said about each message. */
function listen(messages: readonly ServerMessage[]): string[] {
  const states = play(messages);
  return messages.map((message, index) =>
    announce(states[index] ?? null, message, states[index + 1] ?? null)
  );
}

const running = (cell: string): ServerMessage => ({
  type: "state",
  cell,
  state: "running",
  count: null,
});
const idle = (cell: string): ServerMessage => ({
  type: "state",
  cell,
  state: "idle",
  count: 4,
  seconds: 1.5,
});

Deno.test("reduce() follows a run: since when it goes on, then its count and how long it took", () => {
  const states = play([running("a"), idle("a")]);
  const seen = states.map((state) => {
    const cell = codeCellsOf(state)[0];
    return [cell?.state, cell?.since, cell?.count, cell?.seconds];
  });
  assertEquals(seen, [
    ["idle", null, null, null],
    ["running", 5000, null, null],
    ["idle", null, 4, 1.5],
  ]);
});

Deno.test("reduce() replaces outputs from an index on, and adds text to a printed one", () => {
  const state = play([
    { type: "outputs", cell: "a", from: 0, html: ["<i>0</i>", "<i>1</i>", "<i>2</i>"] },
    { type: "text", cell: "a", output: 0, text: "x" },
    { type: "text", cell: "a", output: 0, text: "y" },
    { type: "outputs", cell: "a", from: 1, html: ["<b>1</b>"] },
  ]).at(-1);
  assertEquals(state && codeCellsOf(state)[0]?.outputs, [
    { html: "<i>0</i>", more: "xy" },
    { html: "<b>1</b>", more: "" },
  ]);
});

Deno.test("reduce() leaves the other cells the same objects, so that they are not drawn again", () => {
  const [before, after] = play([{ type: "text", cell: "a", output: 0, text: "x" }]);
  assertStrictEquals(before?.cells[0], after?.cells[0]);
  assertStrictEquals(before?.cells[2], after?.cells[2]);
});

Deno.test("reduce() waits for the chapter, and ignores cells that it does not know", () => {
  assertEquals(reduce(null, running("a"), 0), null);
  const [before, after] = play([running("nobody")]);
  assertEquals(before?.cells, after?.cells);
});

Deno.test("reduce() keeps help and notices when the chapter comes again, and the last three notices only", () => {
  const notice = (text: string): ServerMessage => ({ type: "notice", text });
  const state = play([
    { type: "help", exercise: "01.1", html: "<p>Hint</p>" },
    ...["one", "two", "three", "four"].map(notice),
    { type: "chapter", chapter: sampleChapter() },
  ]).at(-1);
  assertEquals(state?.help.get("01.1"), "<p>Hint</p>");
  assertEquals(state?.notices.map(({ text }) => text), ["two", "three", "four"]);
  assertEquals(new Set(state?.notices.map(({ key }) => key)).size, 3);
});

Deno.test("hasFailed() tells an error from text that only looks like one", () => {
  assertEquals(hasFailed({ outputs: [{ html: failure, more: "" }] }), true);
  const printed = '<div class="output printed"><pre>&lt;div class="output error"</pre></div>';
  assertEquals(hasFailed({ outputs: [{ html: printed, more: failure }] }), false);
});

Deno.test("announce() tells the end of a run, and of many runs the last or the one that failed", () => {
  const queued: ServerMessage = { type: "state", cell: "b", state: "queued", count: null };
  assertEquals(
    listen([running("a"), queued, idle("a"), running("b"), idle("b")]),
    ["", "", "", "", "Cell 3 ran."],
  );
  const fails: ServerMessage = { type: "outputs", cell: "a", from: 0, html: [failure] };
  assertEquals(listen([running("a"), queued, fails, idle("a")]).at(-1), "Cell 2 failed.");
});

Deno.test("announce() tells what became of an answer, once", () => {
  const passed: ServerMessage = {
    type: "exercises",
    exercises: [{ id: "01.1", title: "One", points: 10, earned: 10, status: "passed" }],
  };
  assertEquals(listen([passed, passed]), ["Exercise 01.1 passed, 10 of 10 points.", ""]);
});

Deno.test("reduce() offers to undo the latest change alone", () => {
  const notices = play([
    { type: "notice", text: "a cell is gone", backup: "a.ipynb" },
    { type: "notice", text: "cannot save" },
    { type: "notice", text: "it is back", backup: "b.ipynb" },
  ]).at(-1)?.notices;
  assertEquals(notices?.map(({ text, backup }) => [text, backup]), [
    ["cannot save", undefined],
    ["it is back", "b.ipynb"],
  ]);
});
