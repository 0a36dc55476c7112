import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import { placeOf } from "./places.ts";
import { safeHtml } from "./safe_html.ts";

/** What a name is: its type as code, and its documentation as HTML. */
export interface HoverText {
  readonly code: string;
  readonly html: string;
}

type Ask = (line: number, column: number) => Promise<HoverText | undefined>;

function draw({ code, html }: HoverText): HTMLElement {
  const box = document.createElement("div");
  box.className = "wb-hover";
  const type = document.createElement("pre");
  type.textContent = code;
  const words = document.createElement("div");
  words.className = "prose";
  words.append(safeHtml(html, "prose"));
  box.append(type, ...(html.trim() === "" ? [] : [words]));
  return box;
}

async function find(view: EditorView, position: number, ask: Ask): Promise<Tooltip | null> {
  const { state } = view;
  const word = state.wordAt(position);
  if (!word) return null;
  const { line, column } = placeOf(state.doc, position);
  const text = await ask(line, column);
  if (!text || text.code === "" || view.state.doc !== state.doc) return null;
  return { pos: word.from, end: word.to, above: true, create: () => ({ dom: draw(text) }) };
}

const setTooltip = StateEffect.define<Tooltip | null>();

/** The help that was asked for by key; it goes with the next key or click. */
const asked = StateField.define<Tooltip | null>({
  create: () => null,
  update(tooltip, transaction) {
    for (const effect of transaction.effects) if (effect.is(setTooltip)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

/** What the name under the pointer is, and what the name at the cursor is on Mod+K Mod+I. Escape closes it. */
export function hoverHelp(ask: Ask): Extension {
  const show = (view: EditorView) => {
    const { head } = view.state.selection.main;
    find(view, head, ask).then((tooltip) => view.dispatch({ effects: setTooltip.of(tooltip) }));
    return true;
  };
  const close = (view: EditorView) => {
    if (!view.state.field(asked)) return false;
    view.dispatch({ effects: setTooltip.of(null) });
    return true;
  };
  return [
    hoverTooltip((view, position) => find(view, position, ask), { hoverTime: 400 }),
    asked,
    keymap.of([{ key: "Mod-k Mod-i", run: show }, { key: "Escape", run: close }]),
  ];
}
