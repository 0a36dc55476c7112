import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { notebookOf, proseCell } from "../render/sample.ts";
import { findBarriers } from "./accessibility.ts";
import { browserTest, type OpenedPage } from "./browser.ts";
import { deckPath, renderCourse } from "./course.ts";
import { findOverflow } from "./find_overflow.ts";

const screen = { viewport: { width: 1280, height: 720 }, reducedMotion: "reduce" as const };

async function ready({ page }: OpenedPage): Promise<OpenedPage["page"]> {
  await page.waitForFunction(() =>
    (globalThis as unknown as { Reveal?: { isReady(): boolean } }).Reveal?.isReady()
  );
  return page;
}

browserTest(
  "a deck opens from a file, asks the network for nothing and runs without an error",
  async (test) => {
    await test.write(await renderCourse());
    const opened = await test.open(deckPath, screen);
    await ready(opened);
    assertEquals({ requests: opened.requests, errors: opened.errors }, {
      requests: [],
      errors: [],
    });
  },
);

browserTest("every slide of the sample fits, all fragments shown", async (test) => {
  await test.write(await renderCourse());
  assertEquals(await findOverflow(await ready(await test.open(deckPath, screen))), []);
});

browserTest(
  "findOverflow() reports a slide that is too high, a line that is cut, and no other slide",
  async (test) => {
    const book = notebookOf(
      proseCell("# Fits", "slide"),
      proseCell(`## High\n\n${"One more line.\n\n".repeat(16)}`, "slide"),
      proseCell("## Wide\n\n```ts\n" + "const wide = 1; ".repeat(9) + "\n```", "slide"),
      proseCell("## Grows", "slide"),
      proseCell("Step.\n\n".repeat(15), "fragment"),
    );
    await test.write(await renderCourse(book));
    const found = await findOverflow(await ready(await test.open(deckPath, screen)));
    assertEquals(found.map(({ slide, title }) => ({ slide, title })), [
      { slide: 2, title: "High" },
      { slide: 3, title: "Wide" },
      { slide: 4, title: "Grows" },
    ]);
    assert(
      (found[0]?.below ?? 0) > 0 && found[0]?.beside === 0 && found[1]?.below === 0 &&
        (found[1]?.beside ?? 0) > 0,
    );
  },
);

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(`no slide has a serious barrier in ${colorScheme}`, async (test) => {
    await test.write(await renderCourse());
    const page = await ready(await test.open(deckPath, { ...screen, colorScheme }));
    const count = await page.evaluate(() =>
      (globalThis as unknown as { Reveal: { getTotalSlides(): number } }).Reveal.getTotalSlides()
    );
    for (let slide = 1; slide <= count; slide += 1) {
      assertEquals(await findBarriers(page), [], `slide ${slide}:`);
      await page.evaluate(() =>
        (globalThis as unknown as { Reveal: { next(o: unknown): void } }).Reveal.next({
          skipFragments: true,
        })
      );
      await page.waitForTimeout(100);
    }
  });
}

browserTest(
  "the keyboard moves through slides, slides below and fragments, and the address follows",
  async (test) => {
    await test.write(await renderCourse());
    const page = await ready(await test.open(deckPath, screen));
    const press = async (key: string, hash: RegExp) => {
      await page.keyboard.press(key);
      await page.waitForURL(hash);
    };
    const shown = page.locator("section.present .fragment.visible");
    await press("ArrowRight", /#\/1$/);
    await press("ArrowDown", /#\/1\/1$/);
    assertEquals(await shown.count(), 0);
    await page.keyboard.press("Space");
    assertEquals(await shown.count(), 1);
    await press("End", /#\/5$/);
    await press("Home", /\.html$/);
  },
);

browserTest("t changes a deck between light and dark, and the choice lasts", async (test) => {
  await test.write(await renderCourse());
  const page = await ready(await test.open(deckPath, { ...screen, colorScheme: "light" }));
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.keyboard.press("t");
  const dark = await paper();
  assertNotEquals(light, dark);
  await page.reload();
  assertEquals(await paper(), dark);
});

browserTest("o shows all slides at once", async (test) => {
  await test.write(await renderCourse());
  const page = await ready(await test.open(deckPath, screen));
  await page.keyboard.press("o");
  assertEquals(await page.locator(".reveal.overview").count(), 1);
});

browserTest(
  "s opens the speaker's view from a file, with the notes, and turning there turns the deck",
  async (test) => {
    await test.write(await renderCourse());
    const page = await ready(await test.open(deckPath, screen));
    const [view] = await Promise.all([
      page.context().waitForEvent("page"),
      page.keyboard.press("s"),
    ]);
    const notes = view.locator(".speaker-controls-notes .value");
    await notes.filter({ hasText: "Speak slowly." }).waitFor();
    await view.locator("iframe").nth(1).waitFor();
    await page.evaluate(() =>
      (globalThis as unknown as { Reveal: { slide(h: number, v: number, f: number): void } }).Reveal
        .slide(1, 1, 0)
    );
    await notes.filter({ hasText: "The sum is 16.06 GB" }).waitFor();
    await view.keyboard.press("ArrowRight");
    await page.waitForURL(/#\/2$/);
  },
);

browserTest("?print-pdf lays every slide on a page of its own, on white", async (test) => {
  await test.write(await renderCourse());
  const { page } = await test.open(`${deckPath}?print-pdf`, { ...screen, colorScheme: "dark" });
  await page.locator(".pdf-page").last().waitFor();
  assertEquals(await page.locator(".pdf-page").count(), 8);
  assertEquals(
    await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme),
    "light",
  );
  const text = new TextDecoder("latin1").decode(
    await page.pdf({ preferCSSPageSize: true, printBackground: true }),
  );
  assertStringIncludes(text, "/Count 8");
});
