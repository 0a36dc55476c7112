const display = Symbol.for("Jupyter.display");

/** A value that a notebook shows by itself, in the richest form that its front end knows. */
export interface Displayed {
  [display](): Record<string, unknown>;
}

/** Makes a value that is shown as the given forms, by MIME type. Always include `text/plain`. */
export function displayed(bundle: Record<string, unknown> & { "text/plain": string }): Displayed {
  return { [display]: () => bundle };
}

/** Text made safe inside HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
