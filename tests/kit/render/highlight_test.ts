import { assert, assertEquals, assertGreaterOrEqual, assertStringIncludes } from "@std/assert";
import { highlighter } from "../../../kit/render/highlight.ts";
import { renderTest } from "./sample.ts";
import colors from "../../../kit/render/colors.css" with { type: "text" };

const everyKind = `// a comment
import { type A } from "a";
/** docs @param x */
export async function f<T extends object>(this: A, x: number = 1e3, ...rest: string[]): Promise<void> {
  const r = /a[b-c]+$/giu; let s = \`t \${x} \\n\`; @deco class B extends A { static #p = null; get q() { return this.#p; } }
  for (const y of rest) if (y instanceof B) throw new Error("no"); else console.log(y, undefined, true, Math.PI);
}`;

/** WCAG 2 relative luminance of a color such as #b62333. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((index) => {
    const share = parseInt(color.slice(index, index + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

renderTest("highlight() colors TypeScript, JSON and shell for light and dark at once", async () => {
  const highlight = await highlighter();
  for (
    const [language, code] of [["typescript", "const x = 1"], ["ts", "let y"], ["json", "[1]"], [
      "bash",
      "ls -l",
    ]]
  ) {
    const html = highlight(code ?? "", language ?? "");
    assertStringIncludes(html, "--light:#");
    assertStringIncludes(html, "--dark:#");
  }
});

renderTest("highlight() leaves an unknown language plain, and escapes it", async () => {
  const highlight = await highlighter();
  assertEquals(highlight("<b>", "brainfuck"), '<pre class="shiki"><code>&lt;b&gt;</code></pre>');
});

renderTest("highlight() escapes markup inside code", async () => {
  const highlight = await highlighter();
  assert(!highlight('const s = "<script>";', "typescript").includes("<script"));
});

renderTest(
  "every color of code can be read: contrast of 4.5 to 1 on the surface it stands on",
  async () => {
    const highlight = await highlighter();
    const [, light = "", dark = ""] = colors.match(/--surface: light-dark\((#\w{6}), (#\w{6})\)/) ??
      [];
    const html = [["typescript", everyKind], ["json", '{"a": [1, true, "s\\n"]}'], [
      "bash",
      'x=$(ls "$A" | wc -l) # c',
    ]]
      .map(([language = "", code = ""]) => highlight(code, language)).join("");
    const found = [["light", light], ["dark", dark]].flatMap(([theme, surface = ""]) =>
      Array.from(
        new Set(html.match(new RegExp(`(?<=--${theme}:)#\\w{6}`, "g"))),
        (color) => ({ color, surface, theme }),
      )
    );
    assertGreaterOrEqual(found.length, 12);
    for (const { color, surface, theme } of found) {
      assertGreaterOrEqual(contrast(color, surface), 4.5, `${color} on ${surface} (${theme}):`);
    }
  },
);
