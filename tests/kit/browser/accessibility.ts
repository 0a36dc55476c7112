import axe from "axe-core/axe.min.js" with { type: "text" };
import type { Page } from "playwright-core";

interface AxeResults {
  violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** Serious and critical findings of axe on the open page, one line each. */
export async function findBarriers(page: Page): Promise<string[]> {
  // The page's own policy forbids scripts from elsewhere; this one comes in through the debugger.
  await page.evaluate(axe);
  // What passed, and a selector for every element, would take half of the time.
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(options: unknown): Promise<AxeResults> } }).axe
      .run({ resultTypes: ["violations"], selectors: false })
  );
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").flatMap((
    { id, nodes },
  ) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`));
}
