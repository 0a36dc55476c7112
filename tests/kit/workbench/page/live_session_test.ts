import { assertEquals } from "@std/assert";
import type { ConnectionHandlers } from "../../../../kit/workbench/page/connection.ts";
import { LiveSession } from "../../../../kit/workbench/page/live_session.ts";
import type { ClientMessage } from "../../../../kit/workbench/protocol.ts";
import { MemoryStorage, sampleChapter } from "./chapter_sample.ts";

/** A session whose server is this test. */
function openSession(storage = new MemoryStorage()) {
  const sent: ClientMessage[] = [];
  const link = {
    state: "open" as "open" | "lost",
    send(message: ClientMessage) {
      if (link.state === "open") sent.push(message);
      return link.state === "open";
    },
  };
  let handlers: ConnectionHandlers | undefined;
  const session = new LiveSession("01_x", storage, (given) => {
    handlers = given;
    return link;
  });
  const editors = Object.fromEntries(["a", "b"].map((cell) => {
    const editor = { shown: "", replace: (source: string) => void (editor.shown = source) };
    session.attach(cell, editor);
    return [cell, editor];
  }));
  return {
    session,
    sent,
    shown: (cell: string) => editors[cell]?.shown,
    receive: (message: Parameters<ConnectionHandlers["onMessage"]>[0]) =>
      handlers?.onMessage(message),
    open: (...sources: string[]) =>
      handlers?.onMessage({ type: "chapter", chapter: sampleChapter(...sources) }),
    turn: (state: "open" | "lost") => {
      link.state = state;
      handlers?.onState(state);
    },
  };
}

Deno.test("a run is asked for after what was typed was sent", () => {
  const { session, sent, open } = openSession();
  open();
  session.type("a", "10;");
  session.run(["a"]);
  assertEquals(sent, [
    { type: "edit", cell: "a", source: "10;", edit: 1 },
    { type: "run", cells: ["a"] },
  ]);
});

Deno.test("nothing is sent before the chapter has come, as the cells may be others", () => {
  const { session, sent, open } = openSession();
  session.type("a", "10;");
  session.flush();
  assertEquals(sent, []);
  open("10;");
  assertEquals([sent, session.view.saving], [[], "saved"]);
});

Deno.test("saving is told from the first key to the server's word", () => {
  const { session, open, receive, turn } = openSession();
  open();
  const told = [session.view.saving];
  session.type("a", "10;");
  session.flush();
  told.push(session.view.saving);
  turn("lost");
  told.push(session.view.saving);
  turn("open");
  open();
  told.push(session.view.saving);
  receive({ type: "saved", edit: 1 });
  told.push(session.view.saving);
  assertEquals(told, ["saved", "saving", "not saved", "saving", "saved"]);
});

Deno.test("typing while the connection is lost is sent when it is back", () => {
  const { session, sent, open, turn } = openSession();
  open();
  turn("lost");
  session.type("a", "10;");
  session.flush();
  assertEquals(sent, []);
  turn("open");
  open();
  assertEquals(sent, [{ type: "edit", cell: "a", source: "10;", edit: 1 }]);
});

Deno.test("other code from elsewhere does not take the place of what is being typed", () => {
  const { session, open, receive, shown } = openSession();
  open();
  session.type("a", "mine;");
  receive({ type: "source", cell: "a", source: "theirs;" });
  assertEquals([session.sourceOf("a"), shown("a")], ["mine;", "1;"]);
  session.flush();
  receive({ type: "saved", edit: 1 });
  receive({ type: "source", cell: "a", source: "theirs;" });
  assertEquals([session.sourceOf("a"), shown("a")], ["theirs;", "theirs;"]);
});

Deno.test("a cell that was changed here and elsewhere shows what was typed, until the reader chooses", () => {
  const storage = new MemoryStorage();
  const first = openSession(storage);
  first.open();
  first.session.type("a", "mine;");
  // Sends what waits, so that no timer outlives the test.
  first.session.flush();
  const { session, sent, open, shown } = openSession(storage);
  open("theirs;");
  assertEquals([session.view.undecided, session.view.saving, sent], [["a"], "not saved", []]);
  assertEquals(session.sourceOf("a"), "mine;");
  session.decide("a", "theirs");
  assertEquals([session.view.undecided, shown("a"), storage.length], [[], "theirs;", 0]);
});

Deno.test("running an undecided cell decides for what is seen", () => {
  const storage = new MemoryStorage();
  storage.setItem("fewer-bytes-edit/01_x/a", JSON.stringify({ source: "mine;", from: ["1;"] }));
  const { session, sent, open } = openSession(storage);
  open("theirs;");
  session.run(["a"]);
  assertEquals(sent.map(({ type }) => type), ["edit", "run"]);
});

Deno.test("typing of a cell that is gone is shown and kept, and not sent", () => {
  const storage = new MemoryStorage();
  storage.setItem("fewer-bytes-edit/01_x/gone", JSON.stringify({ source: "mine;", from: [] }));
  const { session, sent, open } = openSession(storage);
  open();
  assertEquals(session.view.orphans, [{ cell: "gone", source: "mine;" }]);
  assertEquals([sent, session.view.saving], [[], "saved"]);
  session.decide("gone", "theirs");
  assertEquals([session.view.orphans, storage.length], [[], 0]);
});

Deno.test("a reset shows the course's code, though the answer was only just sent", () => {
  const { session, sent, open, shown } = openSession();
  open();
  session.type("b", "answer;");
  session.replace({ type: "resetExercise", exercise: "01.1" });
  assertEquals(sent.map(({ type }) => type), ["edit", "resetExercise"]);
  open("1;", "stub;");
  assertEquals([shown("b"), session.view.undecided], ["stub;", []]);
});

Deno.test("a question without a connection is answered with nothing", async () => {
  const { session, open, turn } = openSession();
  open();
  turn("lost");
  assertEquals(await session.complete("a", 1, 1), []);
  assertEquals(await session.hover("a", 1, 1), undefined);
});

Deno.test("answers find their questions in any order", async () => {
  const { session, sent, open, receive } = openSession();
  open();
  const [one, two] = [session.hover("a", 1, 1), session.hover("a", 1, 2)];
  const requests = sent.flatMap((message) => message.type === "hover" ? [message.request] : []);
  for (const request of requests.toReversed()) {
    receive({ type: "hover", request, code: `answer ${request}`, html: "" });
  }
  assertEquals((await one)?.code, `answer ${requests[0]}`);
  assertEquals((await two)?.code, `answer ${requests[1]}`);
});
