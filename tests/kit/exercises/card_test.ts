import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { parseHTML } from "linkedom";
import { type Card, cardHtml, cardText } from "../../../kit/exercises/card.ts";
import { inProcess, runChecks } from "../../../kit/exercises/run.ts";
import { definition, exercise } from "./fixtures/exercise.ts";

const run = (answer: (total: number, parts: number) => unknown) =>
  runChecks(exercise, inProcess(answer));
const failed = await run((total, parts) => parts / total);
const partial = await run((total, parts) => total / parts);
const passed = await run(definition.reference);

/** The card as a document. */
function parse(card: Card): Document {
  return parseHTML(`<html><body>${cardHtml(card)}</body></html>`).document as unknown as Document;
}

Deno.test("a card says in words, not in color alone, which checks passed and what was earned", () => {
  const { body } = parse({ exercise, outcome: partial, revealed: 1 });
  const items = [...body.querySelectorAll("li")].map((item) => item.textContent!.trim());
  assertEquals(items.map((item) => /passed|failed/.exec(item)?.[0]), [
    "passed",
    "passed",
    "failed",
  ]);
  assertStringIncludes(body.textContent!, "not yet: 7 of 10 points");
  assertEquals(
    body.querySelector("[role=group]")?.getAttribute("aria-label"),
    "Exercise 99.1, not yet: 7 of 10 points",
  );
});

Deno.test("a card shows the call, the expected value and the learner's, with their unit, and what may be wrong", () => {
  const { body } = parse({ exercise, outcome: failed, revealed: 1 });
  const rows = [...body.querySelectorAll("li")[0]!.querySelectorAll("tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent)
  );
  assertEquals(rows, [["call", "share(12, 3)"], ["expected", "4 bytes"], ["yours", "0.25 bytes"]]);
  assertStringIncludes(
    body.textContent!,
    "Your value is 1 divided by the expected one: is the fraction upside down?",
  );
});

Deno.test("a card opens the newest hint, and folds the ones before it", () => {
  for (const revealed of [1, 2, 3]) {
    const hints = [...parse({ exercise, outcome: failed, revealed }).querySelectorAll("details")];
    assertEquals(
      hints.map((hint) => hint.hasAttribute("open")),
      [1, 2, 3].slice(0, revealed).map((n) => n === revealed),
    );
  }
  const { body } = parse({ exercise, outcome: failed, revealed: 3 });
  assertStringIncludes(body.querySelector("pre")!.textContent!, "function share(");
});

Deno.test("a card of a passed exercise shows no hint, and one of an untouched stub invites", () => {
  const done = cardHtml({ exercise, outcome: passed, revealed: 0 });
  assertFalse(done.includes("<details"));
  assertStringIncludes(done, "passed: 10 of 10 points");
  const blank = parse({ exercise, revealed: 0 }).body.textContent!;
  assertStringIncludes(blank, "your turn: 10 points to earn");
  assertStringIncludes(blank, 'await hint("99.1")');
  assertFalse(blank.includes("failed"));
});

Deno.test("a card shows what an answer returned or threw as text, never as markup", async () => {
  const attack = '<img src=x onerror="alert(1)">';
  const thrown = await run(() => {
    throw new Error(attack);
  });
  for (const outcome of [thrown, await run(() => attack)]) {
    const { body } = parse({ exercise, outcome, revealed: 0 });
    assertEquals(body.querySelectorAll("img").length, 0);
    assertStringIncludes(body.textContent!, "<img src=x");
  }
});

Deno.test("a card keeps the text color of the page, and its marks have a contrast of 3 to white and to near black", () => {
  const luminance = (hex: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    return (light + 0.05) / (dark + 0.05);
  };
  const html = cardHtml({ exercise, outcome: partial, revealed: 3 }) +
    cardHtml({ exercise, revealed: 0 });
  const colors = [...new Set(html.match(/#[0-9a-f]{6}\b/g))];
  assertEquals(colors.length, 3);
  for (const color of colors) {
    for (const page of ["#ffffff", "#111111", "#1e1e1e"]) {
      assert(
        contrast(color, page) >= 3,
        `${color} on ${page}: ${contrast(color, page).toFixed(2)}`,
      );
    }
  }
  // Every use of such a color is a mark that a screen reader skips, or a border.
  for (const [tag] of html.matchAll(/<[^>]*[^-]color:#[^>]*>/g)) {
    assertMatch(tag, /aria-hidden="true"/);
  }
});

Deno.test("cardText() says the same in plain text", () => {
  const text = cardText({ exercise, outcome: failed, revealed: 2 });
  const lines = text.split("\n");
  assertEquals(lines[0], "✗ Exercise 99.1: Share alike (not yet: 0 of 10 points)");
  assertStringIncludes(
    text,
    "share(12, 3): expected 4 bytes, got 0.25 bytes: your value is 1 divided by",
  );
  assertStringIncludes(text, "Hint 2 of 3, formula:\n    share = `total / parts`");
  assertFalse(text.includes("<"));
});
