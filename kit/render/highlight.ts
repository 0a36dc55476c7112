import { escapeHtml } from "./escape.ts";

/** Colors source code; gives a `<pre>` element. A language it does not know stays plain text. */
export type Highlight = (code: string, language: string) => string;

/** Four colors of the GitHub themes are too faint to read on our backgrounds; these reach a contrast of 4.5 to 1. */
export const clearerColors = {
  "github-light": {
    "#d73a49": "#b62333",
    "#e36209": "#a34500",
    "#22863a": "#1c6e30",
    "#6a737d": "#5d656f",
  },
  "github-dark": { "#6a737d": "#8f98a3" },
};

async function create(): Promise<Highlight> {
  // Shiki reads an environment variable as it loads, so it loads only where code is really to be colored.
  const { createHighlighterCore } = await import("shiki/core");
  const { createJavaScriptRegexEngine } = await import("shiki/engine/javascript");
  const shiki = await createHighlighterCore({
    engine: createJavaScriptRegexEngine(),
    langs: [
      import("shiki/langs/typescript.mjs"),
      import("shiki/langs/json.mjs"),
      import("shiki/langs/bash.mjs"),
    ],
    themes: [import("shiki/themes/github-light.mjs"), import("shiki/themes/github-dark.mjs")],
  });
  const known = new Set(shiki.getLoadedLanguages());
  return (code, language) => {
    if (!known.has(language)) return `<pre class="shiki"><code>${escapeHtml(code)}</code></pre>`;
    return shiki.codeToHtml(code, {
      lang: language,
      themes: { light: "github-light", dark: "github-dark" },
      defaultColor: false,
      cssVariablePrefix: "--",
      colorReplacements: clearerColors,
      transformers: [{
        pre(element) {
          // The page decides on the background and on what can be focused.
          element.properties = { class: "shiki" };
        },
      }],
    });
  };
}

let ready: Promise<Highlight> | undefined;

/** The highlighter, started at the first call and shared from then on. One HTML serves light and dark. */
export function highlighter(): Promise<Highlight> {
  return ready ??= create();
}
