import {
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { parseHTML } from "linkedom";
import * as Plot from "@observablehq/plot";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  barsFigure,
  drawFigure,
  type Figure,
  heatmapFigure,
  linesFigure,
  matrixFigure,
  operatorsFigure,
  rooflineFigure,
  shorelineFigure,
  showFormula,
  showTable,
} from "@fewer-bytes/figures";
import { Matrix } from "@fewer-bytes/numeric";
import { ridgePointFormula, stepTime } from "@fewer-bytes/roofline";
import { operators } from "@fewer-bytes/transformer";

const b200 = findHardware("nvidia-b200");
const step = stepTime(
  operators(findModel("qwen3-8b"), { phase: "decode", batch: 1, newTokens: 1, context: 9000 }),
  b200,
);
const shown = (value: object) =>
  (value as Record<symbol, () => Record<string, unknown>>)[Symbol.for("Jupyter.display")]!();
const parse = (figure: Figure) => parseHTML(figure.svg).document;
const texts = (figure: Figure) =>
  [...parse(figure).querySelectorAll("text")].map((text) => text.textContent);

const gallery: Record<string, () => Figure> = {
  roofline: () => rooflineFigure(b200, ["bf16", "fp8"], [{ name: "decode", intensity: 1 }]),
  lines: () =>
    linesFigure("Two lines.", { label: "x", scale: "log" }, { label: "y", unit: "B" }, [{
      name: "a",
      points: [[1, 2], [10, 3]],
    }, { name: "b", points: [[1, 2], [10, 3]] }], {
      levels: [{ name: "level", y: 2.5 }],
      dots: true,
    }),
  bars: () =>
    barsFigure("Two bars.", { label: "x", unit: "s" }, [{ name: "a", part: "p", value: 1 }, {
      name: "a",
      part: "q",
      value: 2,
    }], String),
  heatmap: () =>
    heatmapFigure("One cell.", { x: { label: "x" }, y: { label: "y" }, value: "v" }, [{
      x: "1",
      y: "2",
      value: 0.5,
    }], [
      0,
      1,
    ], String),
  matrix: () =>
    matrixFigure("A matrix.", [{ name: "a", values: Matrix.from([[1, -2], [0, 3]]) }], 1),
  shoreline: () => shorelineFigure(),
  operators: () => operatorsFigure(step, "Decode"),
};

for (const [name, draw] of Object.entries(gallery)) {
  Deno.test(`figure ${name} stands alone: a namespace, a role, a text that says what it shows`, () => {
    const figure = draw();
    assertStringIncludes(figure.svg, 'xmlns="http://www.w3.org/2000/svg"');
    const root = parse(figure).querySelector("svg")!;
    assertEquals([root.getAttribute("role"), root.getAttribute("aria-label")], [
      "img",
      figure.description,
    ]);
    assertEquals(Object.keys(shown(figure)), ["image/svg+xml", "text/plain"]);
    assertEquals(shown(figure)["text/plain"], figure.description);
  });

  Deno.test(`figure ${name} has no NaN, needs no canvas and no script, and is the same each time`, () => {
    const { svg } = draw();
    assertNotMatch(svg, /NaN|undefined|Infinity|<script|<canvas|href="http/);
    assertEquals(svg, draw().svg);
  });

  Deno.test(`figure ${name} takes ink and paper from the page, with a default for light and for dark`, () => {
    assertMatch(
      draw().svg,
      /--figure-background: #ffffff[\s\S]*prefers-color-scheme: dark[\s\S]*--figure-background: #16181d/,
    );
  });
}

Deno.test("rooflineFigure() writes ridge and peak, and bends the roof at the ridge", () => {
  const written = texts(rooflineFigure(b200, ["bf16"], [{ name: "decode", intensity: 1 }]));
  for (const words of ["ridge 281", "bf16  2.25 PFLOP/s", "decode"]) {
    assertEquals(written.includes(words), true, words);
  }
  assertThrows(() => rooflineFigure(b200, []), RangeError, "at least one format");
});

Deno.test("barsFigure() draws lengths in proportion to values and writes their sum", () => {
  const figure = gallery["bars"]!();
  const widths = [...parse(figure).querySelectorAll("rect")].map((rect) =>
    Number(rect.getAttribute("width"))
  );
  assertAlmostEquals(widths[1]! / widths[0]!, 2, 0.01);
  assertEquals(texts(figure).includes("3"), true);
  assertThrows(() => barsFigure("x", { label: "x" }, [], String), RangeError, "at least one");
  assertThrows(
    () => barsFigure("x", { label: "x" }, [{ name: "a", part: "", value: NaN }], String),
    RangeError,
    '"a" is NaN',
  );
});

Deno.test("linesFigure() keeps names apart where lines end together", () => {
  const figure = gallery["lines"]!();
  const places = [...parse(figure).querySelectorAll("text")].filter(({ textContent }) =>
    ["a", "b"].includes(textContent)
  )
    .map((text) =>
      Number(/,([\d.]+)\)/.exec(text.getAttribute("transform") ?? "")?.[1] ?? NaN) +
      Number(/,(-?[\d.]+)\)/.exec(text.parentElement?.getAttribute("transform") ?? "")?.[1] ?? 0)
    );
  assertEquals(places.length, 2);
  assertEquals(Math.abs(places[0]! - places[1]!) >= 15, true, String(places));
  assertThrows(() => linesFigure("x", { label: "x" }, { label: "y" }, []), RangeError, "1 to 6");
  assertThrows(
    () => linesFigure("x", { label: "x" }, { label: "y" }, [{ name: "a", points: [] }]),
    RangeError,
    '"a" has no points',
  );
});

Deno.test("heatmapFigure() explains its colors by a ramp with both ends", () => {
  const figure = heatmapFigure(
    "x",
    { x: { label: "x" }, y: { label: "y" }, value: "share" },
    [{ x: "1", y: "2", value: 0.5 }],
    [0, 1],
    (value) => `${100 * value} %`,
  );
  for (const words of ["share", "0 %", "50 %", "100 %"]) {
    assertEquals(texts(figure).includes(words), true, words);
  }
  assertThrows(
    () =>
      heatmapFigure(
        "x",
        { x: { label: "x" }, y: { label: "y" }, value: "v" },
        [{ x: "1", y: "2", value: NaN }],
        [0, 1],
        String,
      ),
    RangeError,
    "(1, 2)",
  );
});

Deno.test("operatorsFigure() accounts for the whole step", () => {
  const { description } = operatorsFigure(step, "Decode");
  assertMatch(description, /^Decode: [\d.]+ ms in all\..*feed-forward up.*waits for memory/);
});

Deno.test("drawFigure() refuses a picture without words", () => {
  assertThrows(() => drawFigure(" ", { marks: [Plot.dot([[0, 0]])] }), TypeError, "description");
});

Deno.test("showTable() escapes text, aligns numbers, and shows NaN instead of hiding it", () => {
  const table = showTable(
    [{ name: "<b>&", value: 1234.5678 }, { name: "y", value: NaN }],
    "Caption",
  );
  assertEquals(table.text, "name  value\n<b>&  1,235\ny       NaN");
  assertStringIncludes(String(shown(table)["text/html"]), "&lt;b&gt;&amp;");
  assertThrows(() => showTable([]), TypeError, "at least one row");
});

Deno.test("showFormula() prints the mathematics that is computed, and what each symbol means", () => {
  const markdown = String(shown(showFormula(ridgePointFormula))["text/markdown"]);
  assertStringIncludes(markdown, String.raw`\frac{\text{peak}}{\text{bandwidth}}`);
  assertStringIncludes(markdown, "**bandwidth**: bytes per second from memory");
});

Deno.test("matrixFigure() draws values as squares: area by magnitude, color by sign, zeros as specks", () => {
  const figure = matrixFigure("A matrix.", [
    { name: "a", values: Matrix.from([[1, -4, 0]]) },
    { name: "b", values: Matrix.from([[0, 0, 0]]) },
  ]);
  const rects = [...parse(figure).querySelectorAll('g[aria-label="rect"] rect')].slice(2);
  const widths = rects.map((rect) => Number(Number(rect.getAttribute("width")).toFixed(6)));
  const colors = rects.map((rect) => rect.getAttribute("fill"));
  assertEquals(rects.length, 6);
  assertAlmostEquals(widths[1]! / widths[0]!, 2, 1e-6); // 4 times the area
  assertEquals(new Set(colors.slice(0, 3)).size, 3);
  assertEquals(new Set([...widths.slice(2), widths[5]]).size, 1);
  assertEquals(texts(figure), ["a", "b"]);
});

Deno.test("matrixFigure() refuses no matrix, values that are no numbers, and matrices of other heights", () => {
  const row = { name: "a", values: Matrix.from([[1]]) };
  assertThrows(() => matrixFigure("None.", []), RangeError, "at least one");
  const bad = { name: "b", values: Matrix.from([[NaN]]) };
  assertThrows(() => matrixFigure("Bad.", [bad]), RangeError, "b holds NaN");
  const taller = { name: "b", values: Matrix.from([[1], [2]]) };
  assertThrows(
    () => matrixFigure("Uneven.", [row, taller]),
    TypeError,
    "must have 1 rows: b has 2",
  );
});
