/** Pictures to step through, in a real browser: one is seen, and the keyboard goes on. */
import { assertEquals } from "@std/assert";
import * as Plot from "@observablehq/plot";
import { drawFigure, steppedFigure } from "@fewer-bytes/figures";
import { browserTest } from "./browser.ts";

browserTest(
  "steppedFigure() shows one picture at a time, and arrow keys walk through them",
  async (test) => {
    const frames = [1, 2, 3].map((step) => ({
      name: String(step),
      figure: drawFigure(`Picture ${step}.`, { marks: [Plot.text([[0, 0]], { text: [step] })] }),
    }));
    const { html } = steppedFigure("Step", frames);
    await test.write({ "page.html": `<!doctype html><title>x</title><main>${html}</main>` });
    const { page, requests, errors } = await test.open("page.html");
    const seen = () =>
      page.evaluate(() =>
        [...document.querySelectorAll(".frame svg")].filter((svg) => svg.checkVisibility())
          .map((svg) => svg.getAttribute("aria-label"))
      );
    assertEquals(await seen(), ["Picture 1."]);
    await page.focus("input");
    await page.keyboard.press("ArrowRight");
    assertEquals(await seen(), ["Picture 2."]);
    await page.getByRole("radio", { name: "3" }).check();
    assertEquals(await seen(), ["Picture 3."]);
    assertEquals({ requests, errors }, { requests: [], errors: [] });
  },
);
