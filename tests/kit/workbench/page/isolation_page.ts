/** What the isolation test runs in a browser: the parts of the page that show what comes from notebooks. */
import { OutputList } from "../../../../kit/workbench/page/output_view.ts";
import { safeHtml } from "../../../../kit/workbench/page/safe_html.ts";

const outputs = new OutputList(document.getElementById("outputs")!);

Object.assign(globalThis, {
  showOutput: (html: string, more = "") => outputs.show([{ html, more }], true),
  showProse: (html: string) =>
    document.getElementById("prose")!.replaceChildren(safeHtml(html, "prose")),
  /** The inside of the output's room. */
  room: () => document.querySelector("#outputs .wb-output > div")?.shadowRoot,
});
