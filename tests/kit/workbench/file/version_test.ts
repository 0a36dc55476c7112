import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { serializeNotebook } from "../../../../kit/notebook/mod.ts";
import {
  sameBytes,
  sameNotebook,
  versionOf,
  versionWith,
} from "../../../../kit/workbench/file/version.ts";
import { notebookOf } from "../../check/project.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("versionOf() keeps the order of keys, such that writing a notebook again changes no byte", () => {
  const data = { "text/plain": ["3"], "application/json": { z: [1, null], a: {} } };
  const outputs = [
    { data, execution_count: 2, metadata: { z: 1, a: 2 }, output_type: "execute_result" },
    { name: "stdout", output_type: "stream", text: ["π\n", "2"] },
    { output_type: "stream", text: "x", name: "stderr" },
    { ename: "E", evalue: "", output_type: "error", traceback: [] },
  ];
  const cells = [
    // As Jupyter orders keys, and as nothing does.
    { cell_type: "code", execution_count: 2, id: "a", metadata: {}, outputs, source: ["1 + 2"] },
    { source: [], metadata: { tags: [], slideshow: {}, x: 1 }, id: "b", cell_type: "markdown" },
  ];
  const book = { cells, extra: [{}], metadata: { z: {}, a: 1 }, nbformat_minor: 5, nbformat: 4 };
  const json = JSON.stringify(book, null, 1) + "\n";
  const version = versionOf(bytesOf(json), "01.ipynb");
  assertEquals([version.unreadable, serializeNotebook(version.book)], ["", json]);
});

Deno.test("versionOf() opens what is no notebook as one without cells, and says why", () => {
  for (
    const [bytes, why] of [
      [undefined, "the file is gone"],
      [bytesOf(""), "it is not JSON"],
      [bytesOf('{"cells": [], "nbformat": 3, "nbformat_minor": 5, "metadata": {}}'), "nbformat"],
      [Uint8Array.of(0x22, 0xff, 0x22), "no text in UTF-8"],
    ] as const
  ) {
    const version = versionOf(bytes, "01.ipynb");
    assertStringIncludes(version.unreadable, `Cannot read notebook 01.ipynb: `);
    assertStringIncludes(version.unreadable, why);
    assertEquals([version.book.cells, version.bytes], [[], bytes]);
  }
});

Deno.test("versionOf() tells cells apart that a merge left with one id", () => {
  const book = notebookOf("a", "b", "c", "d");
  for (const cell of book.cells) cell.id = "x";
  book.cells[3]!.id = "x-2";
  const ids = versionOf(versionWith(book).bytes, "01").book.cells.map(({ id }) => id);
  assertEquals(ids, ["x", "x-2", "x-3", "x-2-2"]);
});

Deno.test("sameBytes() compares every byte, and takes two missing files for the same", () => {
  assert(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert(sameBytes(undefined, undefined));
  assertFalse(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assertFalse(sameBytes(Uint8Array.of(), undefined));
});

Deno.test("sameNotebook() looks through the order of keys and the splitting of sources, at nothing else", () => {
  const book = notebookOf("a\nb");
  const reordered = book.cells.map((cell) =>
    Object.fromEntries(Object.entries({ ...cell, source: ["a\n", "b"] }).toReversed())
  );
  assert(sameNotebook(book, { ...book, cells: reordered as typeof book.cells }));
  assertFalse(sameNotebook(book, { ...book, metadata: {} }));
  assertFalse(sameNotebook(book, notebookOf("a\nB")));
});
