import type { Cell } from "../notebook/mod.ts";

/** A cell with its place in the notebook, counted from 1. */
export interface NumberedCell {
  cell: Cell;
  number: number;
}

/** Part of a slide: cells that appear together, and the speaker notes that go with them. */
export interface Step {
  cells: NumberedCell[];
  notes: NumberedCell[];
}

/** One slide: what is there from the start, then what appears, step by step. */
export interface Slide {
  start: Step;
  fragments: Step[];
}

/** Slides that stand below one another: the first is a `slide`, the others are `subslide`s. */
export type Column = Slide[];

const emptyStep = (): Step => ({ cells: [], notes: [] });

/**
 * Cuts a notebook into slides by its cells' `slide_type`, exactly as nbconvert does, so that `nbconvert --to slides`
 * and JupyterLab's slide tools show the same deck.
 *
 * `slide` opens a column, `subslide` a slide below, `fragment` a step of the slide; a cell with none, or `-`, goes on
 * where the one before it stopped, inside an open fragment too. `skip` leaves a cell out and `notes` gives it to the
 * speaker, with the step it follows. The first cell that shows always opens a slide. Notes before it, which nbconvert
 * leaves outside every slide, go to the first slide.
 *
 * @throws {RangeError} when no cell shows.
 */
export function cutSlides(cells: readonly Cell[]): Column[] {
  const columns: Column[] = [];
  const early: NumberedCell[] = [];
  let step: Step | undefined;
  cells.forEach((cell, index) => {
    const numbered = { cell, number: index + 1 };
    const type = cell.metadata.slideshow?.slide_type ?? "-";
    if (type === "skip") return;
    if (type === "notes") {
      (step?.notes ?? early).push(numbered);
      return;
    }
    const column = columns.at(-1);
    const slide = column?.at(-1);
    if (!column || !slide || type === "slide" || type === "subslide") {
      step = emptyStep();
      const opened = { start: step, fragments: [] };
      if (!column || type === "slide") columns.push([opened]);
      else column.push(opened);
    } else if (type === "fragment") {
      step = emptyStep();
      slide.fragments.push(step);
    }
    step?.cells.push(numbered);
  });
  const first = columns[0]?.[0];
  if (!first) {
    throw new RangeError(
      `Cannot cut slides as one cell must show: current value is ${cells.length} cells, all hidden`,
    );
  }
  first.start.notes.unshift(...early);
  return columns;
}
