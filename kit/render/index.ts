import { type Chapter, chapterNumber } from "./chapter.ts";
import { courseName } from "./course_name.ts";
import { renderDocument } from "./document.ts";
import { highlighter } from "./highlight.ts";
import { createLabels } from "./labels.ts";
import { createMarkdown } from "./markdown.ts";
import { mathStyle } from "./math_style.ts";
import { requireSelfContained } from "./self_contained.ts";
import { topBar } from "./top_bar.ts";
import contentCss from "./content.css" with { type: "text" };
import pageCss from "./page.css" with { type: "text" };
import pageScript from "./page_script.js" with { type: "text" };

/** The course in one sentence. */
export const thesis =
  "Decoding is a memory-traffic problem, so every technique is a way to move fewer bytes, or to move them over a shorter " +
  "distance.";

const howToWork = `## How to work

Read a chapter here first, if you like. Then open it live, with \`deno task start\` in a browser, or its notebook in
JupyterLab or VS Code, and run it: change a number, run the cell again, and watch what it does to the bytes. The exercises
check themselves.

Every chapter is also a deck. In one, the arrow keys turn the slides, \`s\` opens the speaker's view, \`o\` shows them all,
\`t\` changes between light and dark, and \`?\` lists the other keys.`;

export interface IndexOptions {
  /** Markdown that tells how to work with the course, in place of the text that stands there otherwise. */
  howToWork?: string;
}

/** The front page: the course in one sentence, its chapters with a line each, and how to work with them. */
export async function renderIndex(
  chapters: readonly Chapter[],
  options: IndexOptions = {},
): Promise<string> {
  const highlight = await highlighter();
  const notebookHref = (name: string) => `${name}.html`;
  const markdown = createMarkdown({
    highlight,
    label: createLabels(),
    anchors: true,
    notebookHref,
  });
  const items = chapters.map(({ name, title, summary }) =>
    `<li><span aria-hidden="true">${chapterNumber(name) ?? ""}</span><div><a href="${
      encodeURIComponent(name)
    }.html">${markdown.inline(title)}</a>${
      summary === undefined ? "" : `<p>${markdown.inline(summary)}</p>`
    }</div></li>`
  );
  const body = requireSelfContained(
    `<a class="skip" href="#main">Skip to the chapters</a>
${topBar([])}
<main id="main" class="index" tabindex="-1">
<h1>${courseName}</h1>
<p class="thesis">${thesis}</p>
<p>A hands-on course in efficient inference of large language models: notebooks that run on a laptop, with no GPU.</p>
<h2>Chapters</h2>
<ol class="chapters">${items.join("\n")}</ol>
<div class="prose">${markdown(options.howToWork ?? howToWork).html}</div>
</main>`,
    "the index",
  );
  return renderDocument({
    title: courseName,
    styles: [await mathStyle(body), contentCss, pageCss],
    body,
    scripts: [pageScript],
  });
}
