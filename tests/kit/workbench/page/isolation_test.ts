/**
 * What a notebook may do to the page that shows it: nothing but be seen. No content security policy stands behind the
 * page here, so that what holds is the page's own doing.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { fileURLToPath } from "node:url";
import * as Plot from "@observablehq/plot";
import { drawFigure, steppedFigure } from "@fewer-bytes/figures";
import { runDeno, withTemporaryFolder } from "../../../../kit/cells/mod.ts";
import { type BrowserTest, browserTest } from "../../browser/browser.ts";
import colors from "../../../../kit/render/colors.css" with { type: "text" };
import contentCss from "../../../../kit/render/content.css" with { type: "text" };
import pageCss from "../../../../kit/render/page.css" with { type: "text" };
import workbenchCss from "../../../../kit/workbench/page/workbench.css" with { type: "text" };

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** All of these may act, fetch or cover, and none of it must come through; the words are harmless and must. */
const hostile = `
<style>
  body, #app, #button { display: none !important }
  :host { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important; background: red }
  @import "http://evil.example/import.css";
  .a { background: u\\72l(http://evil.example/escaped.png) }
  .b { background: image-set("http://evil.example/set.png" 1x) }
  p { background: url(http://evil.example/plain.png); color: rgb(1, 2, 3) }
</style>
<p class="a">harmless words</p><p class="b">more</p>
<script>hacked("script")</script>
<img src="http://evil.example/image.png" srcset="http://evil.example/2x.png 2x" onerror="hacked('onerror')" alt="">
<img src="data:," onerror="hacked('data')" alt="" name="getElementById" id="querySelector">
<div style="position: fixed; inset: 0; z-index: 2147483647; background: url(http://evil.example/style.png)">overlay</div>
<form action="/api/progress"><input name="q" value="text"><button formaction="javascript:hacked('form')">send</button></form>
<button popovertarget="pop">open</button><div id="pop" popover style="inset: 0">popover</div>
<dialog open style="position: fixed; inset: 0">dialog</dialog>
<iframe src="http://evil.example/frame" srcdoc="<script>parent.hacked('frame')</script>"></iframe>
<object data="http://evil.example/object"></object><embed src="http://evil.example/embed">
<video src="http://evil.example/video" poster="http://evil.example/poster" autoplay></video>
<meta http-equiv="refresh" content="0; url=http://evil.example/refresh">
<base href="http://evil.example/"><link rel="stylesheet" href="http://evil.example/link.css">
<a id="js" href="javascript:hacked('link')">link</a>
<a id="paper" href="https://papers.example/1">paper</a>
<svg width="20" height="20"><use href="http://evil.example/use.svg#a"/><image href="http://evil.example/svg.png"/>
<a xlink:href="javascript:hacked('svg link')"><text y="9">t</text><animate attributeName="href" values="javascript:hacked('animate')"/></a>
<foreignObject><img src="x" onerror="hacked('foreign')"></foreignObject>
<script>hacked("svg script")</script><style>@import "http://evil.example/svg.css";</style></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hacked('math')&gt;">
`;

async function page(): Promise<string> {
  return await withTemporaryFolder(async (folder) => {
    const output = `${folder}/page.js`;
    const entry = fileURLToPath(new URL("./isolation_page.ts", import.meta.url));
    const args = ["bundle", "--quiet", "--platform=browser", "--output", output, entry];
    const { success, stderr } = await runDeno(args, root);
    assert(success, stderr);
    const script = (await Deno.readTextFile(output)).replaceAll(/<(?=!--|\/?script)/gi, "\\x3C");
    return `<!doctype html><html lang="en"><head><title>x</title><link rel="icon" href="data:,">
<style>${[colors, contentCss, pageCss, workbenchCss].join("\n")}</style></head>
<body><div id="app"><button id="button">mine</button><div id="outputs"></div><main id="prose"></main></div>
<script>globalThis.hacks = []; globalThis.hacked = (how) => hacks.push(how);</script>
<script type="module">${script}</script></body></html>`;
  });
}

interface Tools {
  hacks: string[];
  showOutput(html: string, more?: string): void;
  showProse(html: string): void;
  room(): ShadowRoot;
}

async function open(test: BrowserTest) {
  const opened = await test.open("page.html");
  await opened.page.waitForFunction(() => "room" in globalThis);
  return opened;
}

async function refuseHostileOutput(test: BrowserTest): Promise<void> {
  const { page, requests, errors } = await open(test);
  const seen = await page.evaluate(
    async (html) => {
      const tools = globalThis as unknown as Tools;
      tools.showOutput(html);
      const room = tools.room();
      for (const element of room.querySelectorAll<HTMLElement>("a:not(#paper)")) {
        element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      }
      // Time enough for a refresh, an animation and an error handler.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const button = document.getElementById("button")!;
      const { left, top } = button.getBoundingClientRect();
      const forbidden =
        "script, form, button, iframe, object, embed, meta, base, link, video, dialog, use, animate, foreignObject, [popover], [srcset], [onerror], input:not([type=radio])";
      return {
        hacks: tools.hacks,
        button: document.elementFromPoint(left + 3, top + 3)?.id,
        visible: getComputedStyle(document.body).display,
        left: Array.from(room.querySelectorAll(forbidden), ({ outerHTML }) => outerHTML),
        words: room.querySelector("p")?.textContent,
        color: getComputedStyle(room.querySelector("p")!).color,
        link: room.getElementById("js")?.getAttribute("href"),
        paper: room.getElementById("paper")?.getAttribute("rel"),
        names: typeof document.getElementById + typeof document.querySelector,
      };
    },
    hostile.replace(
      '<a id="paper" href="https://papers.example/1">',
      '<a id="paper" href="https://papers.example/1" onclick="return false">',
    ),
  );
  assertEquals(seen, {
    hacks: [],
    button: "button",
    visible: "block",
    left: [],
    words: "harmless words",
    color: "rgb(1, 2, 3)",
    link: null,
    paper: "noopener noreferrer",
    names: "functionfunction",
  });
  assertEquals({ requests, errors }, { requests: [], errors: [] });
}

async function refuseHostileProse(test: BrowserTest): Promise<void> {
  const { page, requests, errors } = await open(test);
  const seen = await page.evaluate(async (html) => {
    const tools = globalThis as unknown as Tools;
    tools.showProse(
      `<h2 id="links">Links</h2><p class="wb-sticky note" style="position:fixed;text-align:right">p</p>` +
        html,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const prose = document.getElementById("prose")!;
    const button = document.getElementById("button")!;
    const { left, top } = button.getBoundingClientRect();
    const note = prose.querySelector(".note");
    return {
      hacks: tools.hacks,
      button: document.elementFromPoint(left + 3, top + 3)?.id,
      styles: prose.querySelectorAll("style, input, [name], [onerror]").length,
      note: [note?.className, note?.getAttribute("style")],
      heading: document.getElementById("links")?.textContent,
      words: prose.querySelector(".a")?.textContent,
      names: typeof document.getElementById + typeof document.querySelector,
    };
  }, hostile);
  assertEquals(seen, {
    hacks: [],
    button: "button",
    styles: 0,
    note: ["note", "text-align: right;"],
    heading: "Links",
    words: "harmless words",
    names: "functionfunction",
  });
  assertEquals({ requests, errors }, { requests: [], errors: [] });
}

async function showFigures(test: BrowserTest): Promise<void> {
  const { page, errors } = await open(test);
  const frames = [1, 2].map((step) => ({
    name: String(step),
    figure: drawFigure(`Picture ${step}.`, { marks: [Plot.text([[0, 0]], { text: [step] })] }),
  }));
  const { html } = steppedFigure("Step", frames);
  const seen = () =>
    page.evaluate(() => {
      const svgs = [...(globalThis as unknown as Tools).room().querySelectorAll("svg")];
      const shown = svgs.filter((svg) => svg.checkVisibility());
      const ink = (element: Element, name: string) =>
        getComputedStyle(element).getPropertyValue(name);
      return {
        shown: shown.map((svg) => svg.getAttribute("aria-label")),
        inPageColors: shown.every((svg) =>
          ink(svg, "--figure-ink") === ink(document.documentElement, "--ink")
        ),
      };
    });
  await page.evaluate(
    (html) => (globalThis as unknown as Tools).showOutput(`<div class="output html">${html}</div>`),
    html,
  );
  assertEquals(await seen(), { shown: ["Picture 1."], inPageColors: true });
  await page.locator("input").first().focus();
  await page.keyboard.press("ArrowRight");
  assertEquals(await seen(), { shown: ["Picture 2."], inPageColors: true });
  assertEquals(errors, []);
}

async function followPrintedText(test: BrowserTest): Promise<void> {
  const { page } = await open(test);
  const lines = await page.evaluate(async () => {
    const { showOutput, room } = globalThis as unknown as Tools;
    const html = '<div class="output printed stdout" tabindex="0"><pre>line 0</pre></div>';
    const drawn = () => new Promise((resolve) => setTimeout(resolve, 100));
    let more = "";
    const print = (from: number, to: number) => {
      for (let line = from; line < to; line += 1) showOutput(html, more += `\nline ${line}`);
    };
    showOutput(html);
    const first = room().querySelector("pre")?.firstChild;
    print(1, 1000);
    await drawn();
    const box = room().querySelector(".printed")!;
    const followed = box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
    box.scrollTop = 100;
    await drawn();
    print(1000, 2000);
    await drawn();
    return {
      followed,
      stayed: box.scrollTop,
      height: box.clientHeight,
      sameNode: room().querySelector("pre")?.firstChild === first,
      lines: box.textContent?.split("\n").length,
    };
  });
  assertGreater(800, lines.height);
  assertEquals({ ...lines, height: 0 }, {
    followed: true,
    stayed: 100,
    height: 0,
    sameNode: true,
    lines: 2000,
  });
}

browserTest(
  "what a notebook shows is seen in its place, and does nothing to the page",
  async (test) => {
    await test.write({ "page.html": await page() });
    await refuseHostileOutput(test);
    await refuseHostileProse(test);
    await showFigures(test);
    await followPrintedText(test);
  },
);
