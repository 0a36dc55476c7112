import { assertEquals, assertThrows } from "@std/assert";
import { readClientMessage } from "../../../kit/workbench/client_message.ts";
import type { ClientMessage } from "../../../kit/workbench/protocol.ts";

const good: ClientMessage[] = [
  { type: "edit", cell: "a", source: "", edit: 1 },
  { type: "run", cells: ["a", "b"] },
  { type: "stop" },
  { type: "restart" },
  { type: "hint", exercise: "01.1" },
  { type: "reference", exercise: "01.1" },
  { type: "resetExercise", exercise: "01.1" },
  { type: "resetChapter", keepAnswers: true },
  { type: "addCell", below: "a" },
  { type: "removeCell", cell: "a" },
  { type: "resolve", keep: "mine" },
  { type: "restore", backup: "x" },
  { type: "complete", request: 1, cell: "a", line: 1, column: 1 },
  { type: "hover", request: 2, cell: "a", line: 1, column: 1 },
];

Deno.test("readClientMessage() reads each message of the contract", () => {
  for (const message of good) assertEquals(readClientMessage(JSON.stringify(message)), message);
});

Deno.test("readClientMessage() refuses what is no message, and names the field", () => {
  const refused: [unknown, string][] = [
    [new Blob(["{}"]), "must be text"],
    ["", "must be JSON"],
    ["{", "must be JSON"],
    ["null", "the message"],
    ["[]", "the message"],
    [`{"type":"eval","code":"1"}`, "type"],
    [`{"type":"edit","cell":"a","source":1,"edit":1}`, "source"],
    [`{"type":"edit","cell":"","source":"","edit":1}`, "cell"],
    [`{"type":"edit","cell":"a","source":"","edit":0}`, "edit"],
    [`{"type":"edit","cell":"a","source":"","edit":1.5}`, "edit"],
    [`{"type":"edit","cell":"a","source":"","edit":1,"path":"/etc"}`, "path"],
    [`{"type":"run","cells":"a"}`, "cells"],
    [JSON.stringify({ type: "run", cells: Array(1001).fill("a") }), "cells"],
    [`{"type":"resolve","keep":"both"}`, "keep"],
    [`{"type":"hover","request":1,"cell":"a","line":-1,"column":1}`, "line"],
    [
      JSON.stringify({ type: "edit", cell: "a", source: "x".repeat(2 ** 20 + 1), edit: 1 }),
      "source",
    ],
    ["x".repeat(7 * 2 ** 20), "shorter"],
  ];
  for (const [data, words] of refused) {
    assertThrows(() => readClientMessage(data), SyntaxError, words);
  }
});
