import type { OutputState } from "./chapter_state.ts";
import { safeHtml } from "./safe_html.ts";

/**
 * Figures ask for the page's colors by a rule on the root, which ends at a shadow root. This one stands inside, and is
 * more specific than the figure's own.
 */
const figureColors = `:host svg.fewer-bytes {
  --figure-background: var(--paper);
  --figure-ink: var(--ink);
  --figure-muted: var(--muted);
  --figure-grid: var(--line);
}
:host { display: block; }
:host > :first-child { margin-top: 0; }
:host > :last-child { margin-bottom: 0; }`;

let shared: CSSStyleSheet | undefined;

/** The page's own style, made once for all outputs from the sheets that it has loaded. */
function pageStyle(): CSSStyleSheet {
  if (shared) return shared;
  const rules = Array.from(document.styleSheets).flatMap((sheet) => Array.from(sheet.cssRules))
    .filter((rule) => !(rule instanceof CSSFontFaceRule));
  shared = new CSSStyleSheet();
  shared.replaceSync(rules.map(({ cssText }) => cssText).join("\n") + figureColors);
  return shared;
}

/** One output in a room of its own: its style and its names end there, and nothing of it is seen outside of its box. */
class OutputBox {
  /** Clips what it holds, and is what `position: fixed` in it is fixed to. */
  readonly element = document.createElement("div");
  readonly #root: ShadowRoot;
  #shown: OutputState = { html: "", more: "" };
  /** Whether a printed text is read at its end, so that what comes is followed. */
  #follows = true;
  #scrolling = false;

  constructor() {
    this.element.className = "wb-output";
    const host = this.element.appendChild(document.createElement("div"));
    this.#root = host.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [pageStyle()];
    this.#root.addEventListener("scroll", () => this.#notice(), { capture: true, passive: true });
  }

  show(output: OutputState): void {
    const { html, more } = this.#shown;
    this.#shown = output;
    if (output.html === html && output.more.startsWith(more)) {
      if (output.more !== more) this.#append(output.more.slice(more.length));
      return;
    }
    const place = this.#printed?.scrollTop ?? 0;
    const streams = this.#printed !== null && !this.#follows;
    this.#root.replaceChildren(safeHtml(output.html, "output"));
    if (output.more !== "") this.#append(output.more);
    if (streams && this.#printed) this.#printed.scrollTop = place;
  }

  get #printed(): Element | null {
    return this.#root.querySelector(".printed");
  }

  #append(text: string): void {
    (this.#root.querySelector(".printed pre") ?? this.#root).append(text);
    if (!this.#follows || this.#scrolling) return;
    this.#scrolling = true;
    requestAnimationFrame(() => {
      this.#scrolling = false;
      const printed = this.#printed;
      if (this.#follows && printed) printed.scrollTop = printed.scrollHeight;
    });
  }

  #notice(): void {
    const printed = this.#printed;
    if (!printed || this.#scrolling) return;
    this.#follows = printed.scrollTop + printed.clientHeight >= printed.scrollHeight - 4;
  }
}

/** The outputs of one cell, changed as little as what is new asks for. */
export class OutputList {
  readonly #boxes: OutputBox[] = [];

  constructor(private readonly parent: HTMLElement) {}

  /**
   * Shows these outputs. While the cell is still to run or runs, the place that the outputs before took is kept, so
   * that the text below does not jump up and down again.
   */
  show(outputs: readonly OutputState[], runs: boolean): void {
    if (!runs) this.parent.style.minHeight = "";
    else if (outputs.length < this.#boxes.length) {
      const { height } = this.parent.getBoundingClientRect();
      this.parent.style.minHeight = `${Math.round(height)}px`;
    }
    outputs.forEach((output, index) => {
      const box = this.#boxes[index] ??= this.#add();
      box.show(output);
    });
    for (const box of this.#boxes.splice(outputs.length)) box.element.remove();
  }

  #add(): OutputBox {
    const box = new OutputBox();
    this.parent.append(box.element);
    return box;
  }
}
