/** What a cell asks of the chapter around it; the same functions as long as the page lives. */
export interface CellActions {
  /** Shows the cell's place for the keyboard, until the returned function is called. */
  readonly register: (cell: string, focus: () => void) => () => void;
  /** The reader works in this cell now. */
  readonly enter: (cell: string) => void;
  /** Runs a cell, and then goes on to the next one or stays. */
  readonly run: (cell: string, then: "next" | "stay") => void;
  /** Runs all code cells before this one. */
  readonly runAbove: (cell: string) => void;
  /** Adds an empty cell below this one. */
  readonly add: (cell: string) => void;
  /** Removes a cell that was added. */
  readonly remove: (cell: string) => void;
  readonly hint: (exercise: string) => void;
  readonly compare: (exercise: string) => void;
  readonly askReset: (exercise: string) => void;
}
