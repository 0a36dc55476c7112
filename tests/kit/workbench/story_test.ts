/**
 * The whole story, as a learner lives it on a copy of the course, in a real browser, with the keyboard alone: start, run,
 * err, loop, stop, fail, read a hint, pass, see the progress, reload, reset, present.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { parseNotebook, text } from "../../../kit/notebook/mod.ts";
import { findBarriers } from "../browser/accessibility.ts";
import { browserTest } from "../browser/browser.ts";
import { Keyboard } from "./keyboard.ts";
import { startCopy } from "./start_copy.ts";

const chapter = "01_memory_wall";
/** A cell that a learner is invited to change, and the cell of the first exercise. */
const play = "Code of cell 44";
const exercise = "Code of cell 14";
const wrong = `function ridge(peak: number, bandwidth: number): number {
  return bandwidth / peak;
}
await check("01.1", ridge);`;
const right = wrong.replace("bandwidth / peak", "peak / bandwidth");

const cell = (page: Page, number: number | string) =>
  page.getByRole("group", { name: typeof number === "number" ? `Cell ${number}` : number });

async function allRan(page: Page): Promise<void> {
  await page.getByText("Kernel ready", { exact: true }).waitFor();
}

/** What would keep somebody out, in light and in dark. */
async function barriers(page: Page): Promise<string[]> {
  const found = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    found.push(...await findBarriers(page));
  }
  return found;
}

browserTest(
  "a learner works through a chapter with the keyboard alone, and finds everything there again",
  async (test) => {
    await using course = await startCopy();
    const { page, errors } = await test.visit(course.address);
    const keys = new Keyboard(page);
    assert(!page.url().includes("key="), "the key leaves the address");

    // The front page leads to the chapter.
    await page.getByText("0 of 5 points").waitFor();
    await keys.use("The memory wall");
    await page.waitForURL(`**/chapters/${chapter}`);
    await page.getByRole("heading", { level: 1, name: "The memory wall" }).waitFor();
    await page.getByText("10 points to earn").first().waitFor();

    // Run all: every cell, on the real kernel.
    await keys.use("Run all");
    await cell(page, 49).getByText("[20]").waitFor();
    await allRan(page);
    assert(await page.locator("svg.fewer-bytes").count() >= 8, "figures are there");
    assertEquals(await page.locator(".output.error").count(), 0);

    // A type error is told while typing, by the real checker, and the cell runs all the same.
    await keys.run(play, `const bytes: number = "many"; console.log(bytes);`);
    await cell(page, 44).getByText("Type 'string' is not assignable to type 'number'.").first()
      .waitFor();
    await cell(page, 44).getByText("many", { exact: true }).waitFor();

    // An endless loop is stopped, and variables stay.
    await keys.run(play, "globalThis.name = 'kept'; console.log('begun');");
    await cell(page, 44).getByText("begun", { exact: true }).waitFor();
    await keys.run(play, "while (true);");
    await cell(page, 44).getByText("Running").waitFor();
    await keys.use("Stop");
    await cell(page, 44).getByText("The cell was interrupted").waitFor();
    await keys.run(play, "console.log(`${name}, and ${generations.length > 3}`);");
    await cell(page, 44).getByText("kept, and true", { exact: true }).waitFor();

    // An exercise: fail, read why and the hints, pass, compare.
    await keys.run(exercise, wrong);
    const box = cell(page, "Exercise 01.1").first();
    await box.getByText("not yet: ", { exact: false }).first().waitFor();
    await box.getByText("upside down").first().waitFor();
    await keys.use("Hint for exercise 01.1");
    const help = page.getByRole("group", { name: "Help for exercise 01.1" });
    await help.getByText("Hint 2 of 3").waitFor();
    await keys.run(exercise, right);
    await box.getByText("passed, 10 of 10 points").waitFor();
    await keys.use("Compare with the reference of exercise 01.1");
    await help.getByText("One way to do it").waitFor();

    // The progress stands on the front page, derived from the notebook.
    await page.getByText("Saved", { exact: true }).waitFor();
    await page.goto(new URL("/", page.url()).href);
    await page.getByText(/^10 of \d+ points$/).first().waitFor();

    // After a reload everything is still there: code, outputs, and what runs in the kernel.
    await page.goBack();
    await page.reload();
    await box.getByText("passed, 10 of 10 points").waitFor();
    assertStringIncludes(await box.innerText(), "return peak / bandwidth;");
    await cell(page, 44).getByText("kept, and true", { exact: true }).waitFor();
    await keys.run(play, "console.log(`still ${name}`);");
    await cell(page, 44).getByText("still kept", { exact: true }).waitFor();

    // Reset brings the stub back, after a question, and can be undone.
    await keys.use("Reset exercise 01.1");
    await page.getByRole("dialog").waitFor();
    await keys.use("Reset");
    await box.getByText("10 points to earn", { exact: true }).waitFor();
    assertStringIncludes(await box.innerText(), "return NaN;");
    await keys.use("Undo");
    await box.getByText("passed, 10 of 10 points").waitFor();

    // A cell of one's own, below another, has the focus at once; it goes again, and comes back.
    await keys.use("Add below cell 44");
    await page.locator("[aria-label='Code of cell 45']:focus").waitFor();
    await keys.run("Code of cell 45", "console.log(`mine, ${name}`);");
    await cell(page, 45).getByText("mine, kept", { exact: true }).waitFor();
    await keys.use("Remove cell 45");
    await page.getByText("The cell is gone").first().waitFor();
    await keys.use("Undo");
    await cell(page, 45).getByText("mine, kept", { exact: true }).waitFor();

    // A new kernel knows nothing, but an answer is checked all the same.
    await keys.use("Restart");
    await page.getByRole("dialog").waitFor();
    await keys.use("Restart");
    await page.getByText("The next run starts a new one").first().waitFor();
    await keys.use("Check exercise 01.1");
    await box.getByText("✓ passed: 10 of 10 points").waitFor();

    // The deck holds the learner's outputs.
    await keys.use("Present");
    const opened = page.waitForEvent("popup");
    await keys.use("Slides with your outputs");
    const deck = await opened;
    await deck.waitForFunction(() => "Reveal" in globalThis);
    assertMatch(await deck.locator("section.present h1").first().innerText(), /The memory wall/);
    await deck.keyboard.press("ArrowRight");
    await deck.waitForURL(/#\/1/);
    await deck.close();

    // Nobody is kept out: not here, with an exercise that passed and help that is open, nor on the other pages.
    await keys.use("Hint for exercise 01.2");
    await page.getByRole("group", { name: "Help for exercise 01.2" }).waitFor();
    assertEquals(await barriers(page), []);
    for (const path of ["/", "/glossary", "/search?q=ridge%20point"]) {
      await page.goto(new URL(path, page.url()).href);
      await page.getByRole("link", { name: /memory wall|ridge/i }).first().waitFor();
      assertEquals(await barriers(page), []);
    }

    // What the page showed is what the file says.
    const path = `${course.root}/notebooks/${chapter}.ipynb`;
    const book = parseNotebook(await Deno.readTextFile(path), chapter);
    assertEquals(text(book.cells[13]!.source), right);
    assertEquals(errors, []);
  },
);
