/** Gives each region of a document a name of its own: "Code 1", "Code 2", "Table 1". Screen readers list them. */
export type Label = (kind: string) => string;

/** Starts counting at 1 for each kind. One document uses one counter. */
export function createLabels(): Label {
  const counts = new Map<string, number>();
  return (kind) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind} ${count}`;
  };
}

/** Wraps what may be wider than its column in a box that scrolls by itself and that the keyboard can reach. */
export function scrollBox(className: string, label: string, html: string): string {
  return `<div class="${className}" role="region" aria-label="${label}" tabindex="0">${html}</div>`;
}
