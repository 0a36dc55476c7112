import { assertEquals, assertNotMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { type Timeline, type TimelineBar, timelineFigure } from "@fewer-bytes/figures";

const bar = (
  lane: string,
  start: number,
  end: number,
  kind: string,
  label?: string,
): TimelineBar => ({
  lane,
  start,
  end,
  kind,
  ...(label ? { label } : {}),
});

function drawn(timeline: Omit<Timeline, "description">) {
  const { svg } = timelineFigure({ description: "Who does what.", ...timeline });
  assertNotMatch(svg, /NaN|undefined|Infinity|<script|<canvas/);
  const { document } = parseHTML(svg);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  return {
    svg,
    bars: all('[aria-label="bar"] rect').map((rect) => ({
      left: Number(rect.getAttribute("x")),
      width: Number(rect.getAttribute("width")),
      top: Number(rect.getAttribute("y")),
      fill: rect.getAttribute("fill"),
      title: rect.querySelector("title")?.textContent,
    })),
    texts: all("text").map(({ textContent }) => textContent),
  };
}

Deno.test("timelineFigure() draws one bar each, at its time, in its lane, in the color of its kind", () => {
  const { bars } = drawn({
    bars: [bar("b", 0, 1, "prefill"), bar("a", 1, 3, "decode"), bar("b", 2, 4, "decode")],
  });
  const [first, second, third] = bars;
  assertEquals(bars.length, 3);
  assertEquals(first!.top, third!.top);
  assertEquals(first!.top < second!.top, true, "lanes stand in the order of first mention");
  assertEquals([second!.fill === third!.fill, first!.fill === second!.fill], [true, false]);
  assertEquals(Math.abs(second!.width - 2 * first!.width) < 1.5, true);
  assertEquals(first!.left < second!.left && second!.left < third!.left, true);
});

Deno.test("timelineFigure() writes lanes, kinds, the labels of marks, and seconds with a fitting prefix", () => {
  const { texts } = drawn({
    bars: [bar("request 1", 0, 0.02, "prefill"), bar("request 2", 0.02, 0.1, "decode")],
    marks: [{ lane: "request 1", at: 0, label: "arrival" }, {
      lane: "request 3",
      at: 0.01,
      label: "arrival",
    }],
  });
  for (const words of ["request 1", "request 2", "request 3", "prefill", "decode", "80 ms"]) {
    assertEquals(texts.includes(words), true, words);
  }
  assertEquals(texts.filter((text) => text === "arrival").length, 1);
});

Deno.test("timelineFigure() writes a label in its bar where it fits, and tells it anyhow", () => {
  const { texts, bars } = drawn({
    bars: [bar("a", 0, 10, "decode", "long enough"), bar("a", 10, 10.1, "decode", "too short")],
  });
  assertEquals([texts.includes("long enough"), texts.includes("too short")], [true, false]);
  assertEquals(bars[1]!.title, "a: decode, too short, from 10 s to 10.1 s");
});

Deno.test("timelineFigure() keeps lanes, colors and the time axis from picture to picture", () => {
  const common = { domain: [0, 10], lanes: ["a", "b"], kinds: ["prefill", "decode"] } as const;
  const one = drawn({ ...common, bars: [bar("b", 0, 5, "decode")] });
  const two = drawn({ ...common, bars: [bar("a", 0, 2, "prefill"), bar("b", 0, 5, "decode")] });
  const { title: _, ...last } = two.bars.at(-1)!;
  const { title: __, ...only } = one.bars[0]!;
  assertEquals(only, last);
  assertEquals(one.texts.includes("prefill"), false, "the legend names what is there");
});

Deno.test("timelineFigure() draws bars of no length, and hundreds of bars in many lanes", () => {
  const bars = Array.from(
    { length: 600 },
    (_, i) => bar(`request ${i % 40}`, i / 100, (i + i % 3) / 100, `kind ${i % 6}`),
  );
  const figure = drawn({ bars });
  assertEquals(figure.bars.length, 600);
  assertEquals(figure.bars.every(({ width }) => width > 0.5), true, "all can be seen");
});

Deno.test("timelineFigure() stands alone: a namespace, a role, a text that says what it shows", () => {
  const { svg } = drawn({ bars: [], marks: [{ lane: "a", at: 1 }] });
  assertStringIncludes(svg, 'xmlns="http://www.w3.org/2000/svg"');
  const root = parseHTML(svg).document.querySelector("svg")!;
  assertEquals([root.getAttribute("role"), root.getAttribute("aria-label")], [
    "img",
    "Who does what.",
  ]);
});

Deno.test("timelineFigure() refuses nothing to draw, seven kinds, times that run backward or are not finite", () => {
  assertThrows(() => drawn({ bars: [] }), RangeError, "current number is 0");
  assertThrows(
    () => drawn({ bars: "abcdefg".split("").map((kind) => bar("a", 0, 1, kind)) }),
    RangeError,
    "at most 6 kinds of bars: current number is 7",
  );
  assertThrows(
    () =>
      drawn({ bars: [], marks: "abcdefg".split("").map((label) => ({ lane: "a", at: 0, label })) }),
    RangeError,
    "at most 6 labels of marks: current number is 7",
  );
  assertThrows(() => drawn({ bars: [bar("a", 2, 1, "b")] }), RangeError, '"a" has 2 to 1');
  assertThrows(() => drawn({ bars: [bar("a", 0, Infinity, "b")] }), RangeError, "to Infinity");
  assertThrows(
    () => drawn({ bars: [], marks: [{ lane: "a", at: NaN }] }),
    RangeError,
    "NaN to NaN",
  );
});
