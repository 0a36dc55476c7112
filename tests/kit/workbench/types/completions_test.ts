import { assertEquals } from "@std/assert";
import { chooseCompletions, completionView } from "../../../../kit/workbench/types/completions.ts";
import type { CompletionItem } from "../../../../kit/workbench/types/language_protocol.ts";

const at = (character: number) => ({ start: { line: 0, character } });
const labels = (items: CompletionItem[], line: string) =>
  chooseCompletions(items, line).map(({ label }) => label);

Deno.test("chooseCompletions() puts what begins like the word first, then near names before those of the language", () => {
  const items = [
    { label: "format", sortText: "15" },
    { label: "Formula", sortText: "11" },
    { label: "platform", sortText: "11" },
    { label: "formatBytes", sortText: "11" },
    { label: "forward", sortText: "11" },
    { label: "seeded", sortText: "11" },
    { label: "format", sortText: "15" },
  ];
  assertEquals(labels(items, "const x = form"), ["formatBytes", "format", "Formula", "platform"]);
});

Deno.test("chooseCompletions() proposes at most 60 names", () => {
  const items = Array.from({ length: 500 }, (_, index) => ({ label: `name${index}` }));
  assertEquals(chooseCompletions(items, "").length, 60);
});

Deno.test("chooseCompletions() leaves out what would change more than the word", () => {
  const items = [
    { label: "a-b", textEdit: { newText: `["a-b"]`, insert: at(4) } },
    { label: "value", textEdit: { newText: "?.value", insert: at(4) } },
    { label: "at" },
  ];
  assertEquals(labels(items, "list."), ["at", "value"]);
});

Deno.test("completionView() inserts what is missing of a module's name that is partly there", () => {
  const item = {
    label: "@fewer-bytes/roofline",
    kind: 17,
    textEdit: { newText: "@fewer-bytes/roofline", range: at(8) },
  };
  assertEquals(completionView(item, "", `import "@fewer-bytes/ro`), {
    label: "@fewer-bytes/roofline",
    apply: "roofline",
    kind: "text",
    detail: "",
  });
});

Deno.test("completionView() tells kind and type without repeating the name", () => {
  const view = (label: string, kind: number, detail: string) => {
    const { label: shown, kind: named, detail: type } = completionView({ label, kind }, detail, "");
    return [shown, named, type];
  };
  assertEquals(
    view("at", 2, "(method) Array<number>.at(index: number): number | undefined"),
    ["at", "method", "(index: number): number | undefined"],
  );
  assertEquals(
    view("Matrix", 6, "(alias) class Matrix<T>\nimport Matrix"),
    ["Matrix", "class", "<T>"],
  );
  assertEquals(view("margin?", 5, "(property) margin?: number"), ["margin", "property", "number"]);
  assertEquals(view("Math", 6, "interface Math\nvar Math: Math"), ["Math", "variable", "Math"]);
  assertEquals(view("x", 6, `const x: ${"A | ".repeat(99)}B`)[2]?.length, 100);
});
