import { stripVTControlCharacters } from "node:util";
import { type Output, text } from "../notebook/mod.ts";
import { escapeHtml } from "./escape.ts";
import { nameGroups, renderSvg } from "./figure.ts";
import { isolate } from "./isolate.ts";
import { type Label, scrollBox } from "./labels.ts";
import type { Markdown } from "./markdown.ts";
import { renderFormula } from "./math.ts";

/** The forms of an output that a page can show, the richest first. */
export const mimeTypes = [
  "image/svg+xml",
  "text/html",
  "text/markdown",
  "text/latex",
  "image/png",
  "image/jpeg",
  "text/plain",
] as const;

export type MimeType = typeof mimeTypes[number];

export interface OutputContext {
  markdown: Markdown;
  label: Label;
  /** A prefix for the names inside this output, different for each output of the document. */
  prefix: string;
}

/** The richest form that a page can show, or undefined when there is none. */
export function chooseMimeType(data: Readonly<Record<string, unknown>>): MimeType | undefined {
  return mimeTypes.find((type) => data[type] !== undefined);
}

function asText(value: unknown): string {
  return text(Array.isArray(value) ? value.map(String) : String(value ?? ""));
}

/** Text that a program wrote, without the escape sequences that color it in a terminal. */
function preformatted(source: string): string {
  return `<pre>${escapeHtml(stripVTControlCharacters(source).replace(/\n$/, ""))}</pre>`;
}

function renderData(
  data: Readonly<Record<string, unknown>>,
  { markdown, label, prefix }: OutputContext,
): string {
  const type = chooseMimeType(data);
  const content = asText(type && data[type]);
  const plain = stripVTControlCharacters(asText(data["text/plain"]));
  switch (type) {
    case "image/svg+xml":
      return scrollBox("output figure", label("Figure"), renderSvg(content, plain, prefix));
    case "text/html":
      return scrollBox("output html", label("Output"), nameGroups(isolate(content, prefix)));
    case "text/markdown":
      return `<div class="output prose">${markdown(content).html}</div>`;
    case "text/latex":
      return `<div class="output prose">${
        renderFormula(content.trim().replace(/^\$+|\$+$/g, ""), true)
      }</div>`;
    case "image/png":
    case "image/jpeg": {
      const source = `data:${type};base64,${content.replaceAll(/\s/g, "")}`;
      const image = `<img src="${source}" alt="${escapeHtml(plain.trim() || "Figure")}">`;
      return scrollBox("output image", label("Figure"), image);
    }
    case "text/plain":
      return scrollBox("output printed", label("Output"), preformatted(content));
    default:
      throw new TypeError(
        `Cannot show an output as it must come as one of ${
          mimeTypes.join(", ")
        }: current value is ${Object.keys(data).join(", ") || "nothing"}`,
      );
  }
}

/**
 * One output of a cell as HTML.
 *
 * @throws {TypeError} when the output comes in no form that a page can show.
 */
export function renderOutput(output: Output, context: OutputContext): string {
  switch (output.output_type) {
    case "stream":
      return scrollBox(
        `output printed ${output.name}`,
        context.label("Output"),
        preformatted(text(output.text)),
      );
    case "error": {
      const trace = stripVTControlCharacters(output.traceback.join("\n"));
      const message = `<strong>${escapeHtml(output.ename)}</strong>: ${escapeHtml(output.evalue)}`;
      // The trace often starts with the message; it is said once.
      const rest = trace.replace(`${output.ename}: ${output.evalue}`, "").replace(/^\s*\n/, "");
      const html = `<p>${message}</p>${rest.trim() ? preformatted(rest) : ""}`;
      return scrollBox("output error", context.label("Error"), html);
    }
    default:
      return renderData(output.data, context);
  }
}

/** Joins neighboring pieces of one stream: a kernel sends a cell's printed lines in as many pieces as it likes. */
export function joinStreams(outputs: readonly Output[]): Output[] {
  return outputs.reduce<Output[]>((joined, output) => {
    const last = joined.at(-1);
    if (
      output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name
    ) {
      joined[joined.length - 1] = { ...last, text: text(last.text) + text(output.text) };
    } else joined.push(output);
    return joined;
  }, []);
}
