/**
 * `deno task bench:workbench`: what the workbench costs, measured in a real browser on a copy of the course. It prints,
 * and judges nothing: machines differ.
 */
import type { Page } from "playwright-core";
import { launchBrowser } from "../kit/browser/browser.ts";
import { startCopy } from "../kit/workbench/start_copy.ts";

const quantile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;
const milliseconds = (value: number) => `${value.toFixed(0)} ms`;
const row = (name: string, value: string) => console.log(`${name.padEnd(58)} ${value}`);

/** A process and all those that it has started, by Linux' own account. */
async function family(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const status = await Deno.readTextFile(`/proc/${name}/status`).catch(() => "");
    parents.set(Number(name), Number(status.match(/^PPid:\s+(\d+)/m)?.[1]));
  }
  const found = [pid];
  for (const one of found) {
    for (const [child, parent] of parents) if (parent === one) found.push(child);
  }
  return found;
}

/** The memory of processes, with what they share counted once: in megabytes, by what they are. */
async function memory(pid: number): Promise<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const one of await family(pid)) {
    const command = await Deno.readTextFile(`/proc/${one}/cmdline`).catch(() => "");
    const rollup = await Deno.readTextFile(`/proc/${one}/smaps_rollup`).catch(() => "");
    const kind = /jupyter/.test(command) ? "kernels" : /\0lsp/.test(command) ? "types" : "server";
    const kilobytes = Number(rollup.match(/^Pss:\s+(\d+)/m)?.[1] ?? 0);
    total[kind] = (total[kind] ?? 0) + kilobytes * 1024 / 1e6;
  }
  return total;
}

async function describeMemory(pid: number): Promise<string> {
  const used = Object.entries(await memory(pid));
  const sum = used.reduce((sum, [, size]) => sum + size, 0);
  return [...used, ["in all", sum] as const].map(([kind, size]) => `${kind} ${size.toFixed(0)} MB`)
    .join(", ");
}

/** Runs a cell by its button again and again: milliseconds from the press until its result stands in the page. */
function roundTrips(page: Page, cell: number, times: number): Promise<number[]> {
  return page.evaluate(async ([cell, times]) => {
    const group = document.querySelector(`[aria-label="Cell ${cell}"]`)!;
    const button = group.querySelector<HTMLElement>(`[aria-label="Run cell ${cell}"]`)!;
    const taken: number[] = [];
    // The count of the run stands there once it has ended.
    const count = () => group.querySelector(".wb-status")?.textContent?.match(/\[\d+\]/)?.[0];
    for (let time = 0; time < times!; time++) {
      const before = count();
      const begun = performance.now();
      button.click();
      while (count() === undefined || count() === before) {
        await new Promise((resolve) => setTimeout(resolve));
      }
      taken.push(performance.now() - begun);
    }
    return taken;
  }, [cell, times]);
}

/** The longest times between two frames while something runs, in milliseconds. */
function frames(page: Page, seconds: number): Promise<number[]> {
  return page.evaluate((seconds) =>
    new Promise<number[]>((resolve) => {
      const gaps: number[] = [];
      const begun = performance.now();
      let last = begun;
      const step = (now: number) => {
        gaps.push(now - last);
        last = now;
        if (now - begun < seconds * 1000) requestAnimationFrame(step);
        else resolve(gaps);
      };
      requestAnimationFrame(step);
    }), seconds);
}

async function rewrite(page: Page, cell: number, code: string): Promise<void> {
  await page.getByRole("textbox", { name: `Code of cell ${cell}` }).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(code);
}

const begun = performance.now();
await using course = await startCopy();
row("copying and starting, until the address is shown", milliseconds(performance.now() - begun));
const browser = await launchBrowser();
try {
  const context = await browser.newContext();
  const page = await context.newPage();
  const opened = performance.now();
  await page.goto(course.address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  row(
    "first page after that, in a browser that has just started",
    milliseconds(performance.now() - opened),
  );
  const script = await page.evaluate(() =>
    performance.getEntriesByType("resource").filter(({ name }) => /\.js$/.test(name))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0)
  );
  row("script over the wire", `${(script / 1000).toFixed(0)} kB`);

  const chapter = performance.now();
  await page.goto(new URL("/chapters/01_memory_wall", page.url()).href);
  await page.locator(".cm-editor").first().waitFor();
  row("chapter 01, until it can be edited", milliseconds(performance.now() - chapter));

  const cell = 44;
  await rewrite(page, cell, "1 + 1");
  const first = await roundTrips(page, cell, 1);
  row("first cell, which starts the kernel", milliseconds(first[0]!));
  const trips = await roundTrips(page, cell, 100);
  const shares = [0.5, 0.95].map((share) => milliseconds(quantile(trips, share))).join(", ");
  row("a trivial cell's round trip, 100 times: median, 95 %", shares);

  const lines = "for (let line = 0; line < 2000; line++) console.log(`line ${line}`)";
  await rewrite(page, cell, lines);
  const gaps = frames(page, 3);
  const [printing] = await roundTrips(page, cell, 1);
  const worst = (await gaps).slice(1);
  row("2,000 lines, until the last is there", milliseconds(printing!));
  row(
    "longest frame meanwhile (3 s), and the median",
    `${milliseconds(Math.max(...worst))}, ${milliseconds(quantile(worst, 0.5))}`,
  );

  const second = await context.newPage();
  await second.goto(new URL("/chapters/02_transformer_arithmetic", page.url()).href);
  for (const chapter of [page, second]) {
    await chapter.getByRole("button", { name: "Run all", exact: true }).click();
    await chapter.getByText("Kernel busy").waitFor();
    await chapter.getByText("Kernel ready").waitFor({ timeout: 300_000 });
  }
  row("memory with chapters 01 and 02 open and run", await describeMemory(course.pid));
  await new Promise((resolve) => setTimeout(resolve, 150_000));
  row("the same after two and a half minutes of reading", await describeMemory(course.pid));
} finally {
  await browser.close();
}
