import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findRequests, renderIndex, thesis } from "../../../kit/render/mod.ts";
import { renderTest } from "./sample.ts";

const chapters = [
  { name: "00_welcome", title: "Welcome", summary: "What you *need*." },
  { name: "01_memory_wall", title: "The memory wall" },
];

renderTest(
  "renderIndex() shows the thesis and every chapter, in order, with its line",
  async () => {
    const html = await renderIndex(chapters);
    assertStringIncludes(html, thesis);
    assertStringIncludes(
      html,
      '<a href="00_welcome.html">Welcome</a><p>What you <em>need</em>.</p>',
    );
    assert(html.indexOf("00_welcome.html") < html.indexOf("01_memory_wall.html"));
    assertEquals(findRequests(html), []);
  },
);

renderTest("renderIndex() says how to work, in the words it is given", async () => {
  assertStringIncludes(await renderIndex(chapters), '<h2 id="how-to-work">');
  assertStringIncludes(
    await renderIndex(chapters, { howToWork: "Run `deno task start`." }),
    "<code>deno task start</code>",
  );
});
