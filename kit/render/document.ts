import { escapeHtml } from "./escape.ts";
import themeScript from "./theme_script.js" with { type: "text" };
import colors from "./colors.css" with { type: "text" };

/** The parts of one HTML file. */
export interface Document {
  title: string;
  styles: readonly string[];
  body: string;
  /** Module scripts for the end of the body, as source text. */
  scripts: readonly string[];
  /**
   * Marks these scripts as the document's own. A server that names the same mark in its policy keeps all others, which
   * may stand in an output, from running.
   */
  nonce?: string | undefined;
  /** What may be framed, as a source list of a content security policy; nothing unless told. */
  frames?: string;
}

/** Source text that can stand inside a script element: no string in it may look like markup that ends or nests one. */
function inline(script: string): string {
  return script.replace(/<(?=!--|\/?script)/gi, "\\x3C");
}

/**
 * A whole HTML file with everything inside. Its content security policy makes the browser itself hold the promise:
 * nothing is fetched.
 */
export function renderDocument(
  { title, styles, body, scripts, nonce, frames = "'none'" }: Document,
): string {
  const own = nonce === undefined ? "" : ` nonce="${escapeHtml(nonce)}"`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
    `img-src data:; font-src data:; frame-src ${frames}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<script${own}>${inline(themeScript)}</script>
${
    [colors, ...styles].filter((style) => style !== "").map((style) => `<style>${style}</style>`)
      .join("\n")
  }
</head>
<body>
${body}
${scripts.map((script) => `<script type="module"${own}>${inline(script)}</script>`).join("\n")}
</body>
</html>
`;
}
