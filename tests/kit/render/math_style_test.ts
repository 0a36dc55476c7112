import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderFormula } from "../../../kit/render/math.ts";
import { mathStyle } from "../../../kit/render/math_style.ts";
import { renderTest } from "./sample.ts";

async function fonts(tex: string, display = false): Promise<string[]> {
  const style = await mathStyle(renderFormula(tex, display));
  return Array.from(style.matchAll(/@font-face\{[^}]*\}/g), ([face]) => {
    const [, family] = face.match(/font-family:"?([\w]+)/) ?? [];
    return `${family} ${face.match(/font-style:(\w+)/)?.[1]} ${
      face.match(/font-weight:(\d+)/)?.[1]
    }`;
  }).toSorted();
}

const main = "KaTeX_Main normal 400";

renderTest("mathStyle() is empty where there is no formula", async () => {
  assertEquals(await mathStyle("<p>text</p>"), "");
});

renderTest("mathStyle() embeds the fonts a formula uses and no other", async () => {
  assertEquals(await fonts("1 + 2"), [main]);
  assertEquals(await fonts("x"), [main, "KaTeX_Math italic 400"]);
  assertEquals(await fonts("\\mathbf{W}"), [main, "KaTeX_Main normal 700"]);
  assertEquals(await fonts("\\mathbb{R}"), ["KaTeX_AMS normal 400", main]);
  assertEquals(await fonts("\\mathcal{O}"), ["KaTeX_Caligraphic normal 400", main]);
  assertEquals(await fonts("\\textit{a}"), ["KaTeX_Main italic 400", main]);
  assertEquals(await fonts("\\sum 1", true), [main, "KaTeX_Size2 normal 400"]);
});

renderTest("mathStyle() gives every font as a data URL", async () => {
  const style = await mathStyle(renderFormula("\\sum_i x_i", true));
  assertStringIncludes(style, "url(data:font/woff2;base64,d09GMg");
  assert(!/url\((?!data:)/.test(style), "every url is a data URL");
});
