import { escapeHtml } from "./escape.ts";
import { isolate } from "./isolate.ts";

function attribute(tag: string, name: string): string | undefined {
  return tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];
}

/**
 * Gives a role to the parts of a drawing that Plot names without one. A name on a plain `<g>` is no valid ARIA, and
 * figures style their parts by these names, so that they cannot be dropped.
 */
export function nameGroups(markup: string): string {
  return markup.replace(/<g\b(?=[^>]*\saria-label=)(?![^>]*\srole=)/g, '<g role="group"');
}

/**
 * An SVG drawing, ready to stand in a page: names of its own, announced as one image, and described in words.
 *
 * The description is the output's text, which Jupyter keeps beside the drawing; it becomes the label of a drawing
 * that has none, and else a text that only screen readers see.
 */
export function renderSvg(svg: string, description: string, prefix: string): string {
  const markup = nameGroups(isolate(svg.slice(Math.max(svg.indexOf("<svg"), 0)), prefix));
  const end = markup.indexOf(">");
  const tag = markup.slice(0, end);
  const label = attribute(tag, "aria-label") ?? "";
  const words = escapeHtml(description.trim());
  const role = attribute(tag, "role") ? "" : ' role="img"';
  if (!label || !words || label === words) {
    const name = label ? "" : ` aria-label="${words || "Figure"}"`;
    return `${tag}${role}${name}${markup.slice(end)}`;
  }
  const id = `${prefix}-description`;
  return `${tag}${role} aria-describedby="${id}"${
    markup.slice(end)
  }<p class="visually-hidden" id="${id}">${words}</p>`;
}
