import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { findBarriers } from "./accessibility.ts";
import { browserTest } from "./browser.ts";
import { indexPath, pagePath, renderCourse } from "./course.ts";

for (const [what, path] of [["a page", pagePath], ["the index", indexPath]] as const) {
  browserTest(
    `${what} opens from a file, asks the network for nothing and runs without an error`,
    async (test) => {
      await test.write(await renderCourse());
      const { requests, errors } = await test.open(path);
      assertEquals({ requests, errors }, { requests: [], errors: [] });
    },
  );

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 390]) {
      browserTest(
        `${what} has no serious barrier in ${colorScheme} at ${width} pixels`,
        async (test) => {
          await test.write(await renderCourse());
          const { page } = await test.open(path, { colorScheme, viewport: { width, height: 900 } });
          await page.evaluate(() =>
            document.querySelectorAll("details").forEach((details) => details.open = true)
          );
          assertEquals(await findBarriers(page), []);
        },
      );
    }
  }

  browserTest(`${what} never scrolls sideways on a telephone`, async (test) => {
    await test.write(await renderCourse());
    const { page } = await test.open(path, { viewport: { width: 390, height: 844 } });
    assertLessOrEqual(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  });
}

browserTest("a wide figure scrolls inside its own box on a telephone", async (test) => {
  await test.write(await renderCourse());
  const { page } = await test.open(pagePath, { viewport: { width: 390, height: 844 } });
  const [inner = 0, outer = 0] = await page.locator(".figure").first().evaluate((
    box,
  ) => [box.scrollWidth, box.clientWidth]);
  assertGreater(inner, outer);
});

browserTest("the toggle changes colors, figures with them, and the choice lasts", async (test) => {
  await test.write(await renderCourse());
  const { page } = await test.open(pagePath, { colorScheme: "light" });
  const look = () =>
    page.evaluate(() => {
      const figure = document.querySelector("svg.fewer-bytes") ?? document.body;
      return {
        paper: getComputedStyle(document.body).backgroundColor,
        figure: getComputedStyle(figure).backgroundColor,
      };
    });
  const button = page.getByRole("button", { name: "Dark colors" });
  const light = await look();
  assertEquals(await button.getAttribute("aria-pressed"), "false");
  await button.click();
  const dark = await look();
  assertEquals(await button.getAttribute("aria-pressed"), "true");
  assert(light.paper !== dark.paper && light.figure !== dark.figure);
  assertEquals(dark.figure, dark.paper);
  // What the page stored is given back to it: on a busy machine, the browser itself can forget it between two loads.
  const stored = await page.evaluate(() => ({ ...localStorage }));
  await page.addInitScript((items) => Object.assign(localStorage, items), stored);
  await page.reload();
  assertEquals(await look(), dark);
});

browserTest("every font that a formula asks for is inside the file", async (test) => {
  await test.write(await renderCourse());
  const { page } = await test.open(pagePath);
  const missing = await page.evaluate(async () => {
    await document.fonts.ready;
    const wanted = Array.from(document.querySelectorAll(".katex-html *"), (element) => {
      const { fontFamily, fontWeight, fontStyle } = getComputedStyle(element);
      const own = Array.from(element.childNodes).some((node) =>
        node.nodeType === 3 && node.textContent?.trim()
      );
      return own ? `${fontFamily.split(",")[0]} ${fontWeight} ${fontStyle}` : "";
    });
    const inside = new Set(
      Array.from(document.fonts, ({ family, weight, style }) => `${family} ${weight} ${style}`),
    );
    return Array.from(new Set(wanted)).filter((font) =>
      font !== "" && !inside.has(font.replaceAll('"', ""))
    );
  });
  assertEquals(missing, []);
});

browserTest("the keyboard reaches the skip link first, and then the text", async (test) => {
  await test.write(await renderCourse());
  const { page } = await test.open(pagePath);
  await page.keyboard.press("Tab");
  assertEquals(await page.evaluate(() => document.activeElement?.textContent), "Skip to the text");
  await page.keyboard.press("Enter");
  assertEquals(await page.evaluate(() => document.activeElement?.id), "main");
});

browserTest(
  "the contents stand open beside the text where there is room, and folded where there is none",
  async (test) => {
    await test.write(await renderCourse());
    const isOpen = async (width: number) => {
      const { page } = await test.open(pagePath, { viewport: { width, height: 900 } });
      return await page.locator(".contents details").evaluate((details) =>
        (details as HTMLDetailsElement).open
      );
    };
    assertEquals([await isOpen(1440), await isOpen(390)], [true, false]);
  },
);
