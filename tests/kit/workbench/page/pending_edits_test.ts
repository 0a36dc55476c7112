import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { PendingEdits } from "../../../../kit/workbench/page/pending_edits.ts";
import { MemoryStorage } from "./chapter_sample.ts";

Deno.test("an edit is kept until the file has it, and not longer", () => {
  const storage = new MemoryStorage();
  const edits = new PendingEdits(storage, "01_x");
  edits.type("a", "new", "old");
  assertEquals(storage.length, 1);
  assertEquals(edits.send(), [{ cell: "a", source: "new", edit: 1 }]);
  assertEquals(edits.send(), []);
  assertEquals(storage.length, 1);
  assertEquals(edits.saved(1), [{ cell: "a", source: "new" }]);
  assertEquals([edits.cells, storage.length], [[], 0]);
});

Deno.test("what is typed while an edit is saved stays, and is sent after it", () => {
  const storage = new MemoryStorage();
  const edits = new PendingEdits(storage, "01_x");
  edits.type("a", "one", "old");
  edits.send();
  edits.type("a", "two", "old");
  edits.saved(1);
  assertEquals(edits.sourceOf("a"), "two");
  assertEquals(edits.send(), [{ cell: "a", source: "two", edit: 2 }]);
  edits.saved(2);
  assertEquals(storage.length, 0);
});

Deno.test("a page that is opened again takes up what the one before has left", () => {
  const storage = new MemoryStorage();
  new PendingEdits(storage, "01_x").type("a", "new", "old");
  new PendingEdits(storage, "02_y").type("a", "other", "old");
  const edits = new PendingEdits(storage, "01_x");
  assertEquals(edits.sourceOf("a"), "new");
  assertEquals(edits.meet("a", "old"), "mine");
  assertEquals(edits.send().length, 1);
});

Deno.test("an edit is sent again when the server has any step on its way", () => {
  for (const known of ["old", "step", "new"]) {
    const storage = new MemoryStorage();
    const before = new PendingEdits(storage, "01_x");
    before.type("a", "step", "old");
    before.send();
    before.type("a", "new", "old");
    const edits = new PendingEdits(storage, "01_x");
    assertEquals(edits.meet("a", known), known === "new" ? "theirs" : "mine");
  }
});

Deno.test("an edit of a cell that was changed elsewhere waits for the reader, and is kept", () => {
  const storage = new MemoryStorage();
  new PendingEdits(storage, "01_x").type("a", "mine", "old");
  const edits = new PendingEdits(storage, "01_x");
  assertEquals(edits.meet("a", "theirs"), "undecided");
  assertEquals([edits.send(), edits.undecided, storage.length], [[], ["a"], 1]);
  edits.keepMine("a");
  assertEquals(edits.send().map(({ source }) => source), ["mine"]);
});

Deno.test("a new connection sends everything again, from number 1", () => {
  const edits = new PendingEdits(new MemoryStorage(), "01_x");
  edits.type("a", "new", "old");
  edits.send();
  edits.reconnect();
  assertEquals(edits.saved(1), []);
  assertEquals(edits.send(), [{ cell: "a", source: "new", edit: 1 }]);
});

Deno.test("a reset that the reader asks for takes the place of what was sent, not of what is typed after", () => {
  const edits = new PendingEdits(new MemoryStorage(), "01_x");
  edits.type("a", "mine", "old");
  edits.type("b", "mine", "old");
  edits.send();
  edits.giveWay();
  assertEquals(edits.meet("a", "stub"), "theirs");
  edits.type("c", "mine", "old");
  assertEquals(edits.meet("c", "old"), "mine");
});

Deno.test("a storage that is full or closed, or holds something else, keeps nobody from typing", () => {
  const broken = new MemoryStorage();
  broken.setItem("fewer-bytes-edit/01_x/a", "{");
  broken.setItem("fewer-bytes-edit/01_x/b", '{"source": 1}');
  broken.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const edits = new PendingEdits(broken, "01_x");
  assertEquals(edits.cells, []);
  edits.type("a", "new", "old");
  assertEquals(edits.send().length, 1);
});

Deno.test("whatever happens, typing is in the file or still kept", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("type" as const), source: fc.string({ maxLength: 2 }) }),
    fc.record({ do: fc.constantFrom("send" as const, "save" as const, "lose" as const) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const storage = new MemoryStorage();
    let edits = new PendingEdits(storage, "01_x");
    let [server, typed, sent] = ["start", "start", 0];
    for (const step of steps) {
      if (step.do === "type") {
        typed = step.source;
        edits.type("a", typed, server);
      } else if (step.do === "send") {
        for (const edit of edits.send()) [server, sent] = [edit.source, edit.edit];
      } else if (step.do === "save") edits.saved(sent);
      else {
        // The page is opened again.
        edits = new PendingEdits(storage, "01_x");
        sent = 0;
        assertEquals(edits.meet("a", server) === "undecided", false);
      }
      assertEquals(edits.sourceOf("a") ?? server, typed);
    }
  }));
});
