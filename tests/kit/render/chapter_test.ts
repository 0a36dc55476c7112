import { assertEquals, assertThrows } from "@std/assert";
import { chapterNumber, describeChapter, plainTitle } from "../../../kit/render/chapter.ts";
import { notebookOf, proseCell, sample } from "./sample.ts";

Deno.test("describeChapter() reads the title and the first paragraph after it", () => {
  assertEquals(describeChapter(sample, "01_memory_wall"), {
    name: "01_memory_wall",
    title: "The memory wall",
    summary:
      "A GPU that can do a thousand trillion operations a second spends most of a chat _waiting for bytes_. This " +
      "chapter finds out how long it waits, and for which ones.",
  });
});

Deno.test("describeChapter() joins a paragraph's lines, needs no blank line after the title, and looks in later cells", () => {
  assertEquals(
    describeChapter(notebookOf(proseCell("# A\none\ntwo\n\nthree")), "a").summary,
    "one two",
  );
  assertEquals(
    describeChapter(notebookOf(proseCell("# A"), proseCell("> quote\n\ntext")), "a").summary,
    "text",
  );
  assertEquals(describeChapter(notebookOf(proseCell("# A")), "a"), { name: "a", title: "A" });
});

Deno.test("describeChapter() refuses a notebook with no title", () => {
  assertThrows(
    () => describeChapter(notebookOf(proseCell("## A")), "05_x"),
    RangeError,
    "Cannot describe chapter 05_x",
  );
});

Deno.test("chapterNumber() reads the number that starts a name", () => {
  assertEquals([chapterNumber("00_welcome"), chapterNumber("17_experts"), chapterNumber("notes")], [
    0,
    17,
    undefined,
  ]);
});

Deno.test("plainTitle() drops Markdown", () =>
  assertEquals(plainTitle("The *memory* `wall`"), "The memory wall"));
