import { assertEquals, assertNotMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { flashAttention, flashSteps } from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { type Figure, steppedFigure, tilesFigure, tileStepFigure } from "@fewer-bytes/figures";
import { formatBytes } from "@fewer-bytes/units";

const random = seeded(1);
const normal = () => Matrix.zeros(6, 2).map(() => random.normal());
const inputs = { queries: normal(), keys: normal(), values: normal() };
const tile = { rows: 2, columns: 3 };
const steps = flashSteps(inputs, { causal: true, tile });
const run = { queries: 6, keys: 6, tile, steps };
const texts = (figure: Figure) =>
  [...parseHTML(figure.svg).document.querySelectorAll("text")].map((text) => text.textContent);

Deno.test("tilesFigure() writes the turns and ends with the bytes that the run moved", () => {
  const last = steps.length - 1;
  const written = texts(tilesFigure("Tiles.", run, [0, last]));
  assertEquals(written.includes("turn 1") && written.includes("turn 5"), true);
  const { traffic } = flashAttention(inputs, { causal: true, tile }).memory;
  assertEquals(written.includes(`${formatBytes(traffic)} so far`), true);
  assertThrows(() => tilesFigure("x", run, []), RangeError, "at least one turn");
});

Deno.test("tileStepFigure() says what is read, and that a row is finished", () => {
  const first = tileStepFigure(run, 0).description;
  assertStringIncludes(first, "queries 0 to 1 meet keys 0 to 2");
  assertStringIncludes(first, "keys and values 0 to 2; queries 0 to 1");
  assertStringIncludes(first, "Divided by the sums");
  const open = steps.find(({ sums }) => sums.length > 0)!;
  assertStringIncludes(tileStepFigure(run, open.turn).description, open.sums[0]!.toFixed(2));
});

Deno.test("tileStepFigure() refuses a tile that is skipped", () => {
  const { turn } = steps.find(({ masked }) => masked === "wholly")!;
  assertThrows(() => tileStepFigure(run, turn), RangeError, "is skipped");
});

const frames = steps.filter(({ masked }) => masked !== "wholly").map(({ turn }, index) => ({
  name: `<${index}>`,
  figure: tileStepFigure(run, turn),
}));

Deno.test("steppedFigure() has a button for each picture, of one group, the first one pressed", () => {
  const { html } = steppedFigure("Turn", frames);
  const { document } = parseHTML(`<body>${html}</body>`);
  const buttons = [...document.querySelectorAll("input[type=radio]")];
  assertEquals(buttons.length, frames.length);
  assertEquals(new Set(buttons.map((button) => button.getAttribute("name"))).size, 1);
  assertEquals(buttons.map((button) => button.hasAttribute("checked")).indexOf(true), 0);
  assertEquals(document.querySelectorAll("input[checked]").length, 1);
  assertEquals(document.querySelectorAll(".frame > svg").length, frames.length);
  assertEquals(document.querySelector("legend")!.textContent, "Turn");
});

Deno.test("steppedFigure() needs no script, escapes names, and hides nothing where styles are too old", () => {
  const { html } = steppedFigure("Turn", frames);
  assertNotMatch(html, /<script|onclick/);
  assertStringIncludes(html, "&lt;0&gt;");
  const [always, modern] = html.split("@supports");
  assertNotMatch(always!, /display: none/);
  assertStringIncludes(modern!, "display: none");
  assertThrows(() => steppedFigure("Turn", []), RangeError, "at least one picture");
});

Deno.test("steppedFigure() keeps two figures on one page apart, and is the same each time", () => {
  const group = (count: number) =>
    /name="([^"]+)"/.exec(steppedFigure("Turn", frames.slice(0, count)).html)![1]!;
  assertEquals(group(2) === group(3), false);
  assertEquals(group(2), group(2));
});
