import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Output } from "../../../kit/notebook/mod.ts";
import { createLabels } from "../../../kit/render/labels.ts";
import { createMarkdown } from "../../../kit/render/markdown.ts";
import {
  chooseMimeType,
  joinStreams,
  mimeTypes,
  renderOutput,
} from "../../../kit/render/output.ts";

function render(output: Output): string {
  const label = createLabels();
  const markdown = createMarkdown({
    highlight: (code) => code,
    label,
    anchors: true,
    notebookHref: (name) => name,
  });
  return renderOutput(output, { markdown, label, prefix: "p" });
}

const show = (data: Record<string, unknown>) =>
  render({ output_type: "display_data", data, metadata: {} });
const print = (text: string | string[]): Output => ({
  output_type: "stream",
  name: "stdout",
  text,
});

Deno.test("chooseMimeType() takes the richest form, whatever the order they come in", () => {
  assertEquals(mimeTypes.indexOf("image/svg+xml"), 0);
  assertEquals(
    chooseMimeType({ "text/plain": "a", "image/svg+xml": "<svg/>", "text/html": "b" }),
    "image/svg+xml",
  );
  assertEquals(
    chooseMimeType({ "image/png": "a", "text/plain": "b", "text/markdown": "c" }),
    "text/markdown",
  );
  assertEquals(chooseMimeType({ "application/json": {} }), undefined);
});

Deno.test("renderOutput() shows printed markup as text", () => {
  const html = render(print("<script>alert(1)</script> & more\n"));
  assertStringIncludes(html, "<pre>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</pre>");
});

Deno.test("renderOutput() joins text that is stored as lines and drops terminal colors", () => {
  assertStringIncludes(render(print(["\u001b[33mone\u001b[39m\n", "two"])), "<pre>one\ntwo</pre>");
  assertStringIncludes(show({ "text/plain": ["\u001b[33m0.5", "\u001b[39m"] }), "<pre>0.5</pre>");
});

Deno.test("renderOutput() tells errors from warnings and says an error's message once", () => {
  const html = render({
    output_type: "error",
    ename: "RangeError",
    evalue: "Cannot quantize: <17> bits",
    traceback: [
      "\u001b[31mRangeError: Cannot quantize: <17> bits\u001b[39m",
      "    at <anonymous>:1:22",
    ],
  });
  assertStringIncludes(html, "<strong>RangeError</strong>: Cannot quantize: &lt;17&gt; bits");
  assertStringIncludes(html, "<pre>    at &lt;anonymous&gt;:1:22</pre>");
  assertEquals(html.split("Cannot quantize").length, 2);
  assertStringIncludes(
    render({ output_type: "stream", name: "stderr", text: "careful" }),
    "stderr",
  );
});

Deno.test("renderOutput() describes a picture by the output's text", () => {
  const data = { "image/png": "iVBO\nRw0K", "text/plain": "a ramp" };
  assertStringIncludes(show(data), '<img src="data:image/png;base64,iVBORw0K" alt="a ramp">');
});

Deno.test("renderOutput() keeps HTML, renders Markdown and sets formulas", () => {
  assertStringIncludes(show({ "text/html": "<b>5</b>" }), "<b>5</b>");
  assertStringIncludes(show({ "text/markdown": "**5**" }), "<strong>5</strong>");
  assert(show({ "text/latex": "$$x^2$$" }).includes("katex-display"));
});

Deno.test("renderOutput() refuses an output that no page can show", () => {
  assertThrows(
    () => show({ "application/json": {} }),
    TypeError,
    "current value is application/json",
  );
});

Deno.test("joinStreams() joins neighbors of one stream and keeps the order of everything else", () => {
  const warning: Output = { output_type: "stream", name: "stderr", text: "w" };
  assertEquals(joinStreams([print("a\n"), print(["b", "c"]), warning, print("d")]), [
    print("a\nbc"),
    warning,
    print("d"),
  ]);
});
