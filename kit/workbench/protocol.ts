/**
 * What the server and the page of the workbench say to each other: the shapes of the JSON answers, and the messages on
 * the WebSocket of an open chapter. The page imports types from here and nothing else of the server.
 *
 * All HTML in it is made by kit/render. The page trusts none of it: it comes from notebooks, so it goes through
 * `safe_html.ts` before it is shown.
 */

/** A chapter in lists and links. */
export interface ChapterLink {
  /** The notebook's file name without `.ipynb`. */
  readonly name: string;
  /** The number that the name starts with. */
  readonly number: number;
  /** The title as HTML, formulas set. */
  readonly title: string;
  /** The title as plain text, for the window. */
  readonly plainTitle: string;
  /** The first paragraph as HTML; empty when there is none. */
  readonly summary: string;
}

/** `GET /api/course`: what the front page says before any answer is checked. */
export interface CourseView {
  readonly thesis: string;
  readonly chapters: readonly ChapterLink[];
  /** Notebooks that cannot be read, and why. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
}

/** How far an exercise is, found by checking its answer again. */
export interface ExerciseView {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly earned: number;
  readonly status: "passed" | "partial" | "failed" | "not attempted";
}

/** `GET /api/progress/NAME`: the answers of a chapter, checked again. Each chapter is asked for alone: checking takes time. */
export interface ChapterProgress {
  readonly name: string;
  readonly exercises: readonly ExerciseView[];
}

/** `GET /api/search?q=…`: places where the words stand, the best first. */
export interface SearchHit {
  readonly chapter: string;
  readonly number: number;
  /** The chapter's title as plain text. */
  readonly title: string;
  /** The heading above the place, as plain text; empty before the first. */
  readonly heading: string;
  /** The heading's fragment in the chapter's address. */
  readonly anchor: string;
  /** Some words around the place, as HTML with the found ones in `<mark>`. */
  readonly excerpt: string;
}

/** `GET /api/glossary`: the terms in alphabetical order. */
export interface GlossaryEntry {
  readonly term: string;
  /** Other words for it. */
  readonly also: readonly string[];
  /** As HTML. */
  readonly definition: string;
  /** Where it is explained. */
  readonly chapter: string;
  readonly number: number;
  readonly anchor: string;
}

/** A cell that is read. */
export interface ProseView {
  readonly kind: "prose";
  readonly id: string;
  readonly html: string;
}

/** A cell that is run. */
export interface CodeView {
  readonly kind: "code";
  readonly id: string;
  /** Its position among all the cells, counted from 1, as messages name it. */
  readonly number: number;
  readonly source: string;
  /** Folded away until asked for: the cell is tagged `hide-input`. */
  readonly folded: boolean;
  /** The learner has added it; the course does not have it. */
  readonly own: boolean;
  /** The exercise whose answer it checks. */
  readonly exercise?: string;
  /** The count of the run that made the outputs; null when there was none. */
  readonly count: number | null;
  /** Each output as HTML. */
  readonly outputs: readonly string[];
  readonly state: RunState;
}

export type CellView = ProseView | CodeView;

export type RunState = "idle" | "queued" | "running";

/** A chapter that is open. */
export interface ChapterView {
  readonly link: ChapterLink;
  readonly previous: ChapterLink | null;
  readonly next: ChapterLink | null;
  readonly contents: readonly { readonly id: string; readonly html: string }[];
  readonly cells: readonly CellView[];
  readonly kernel: KernelView;
  readonly problems: readonly ProblemView[];
  readonly exercises: readonly ExerciseView[];
  readonly conflict: ConflictView | null;
  /** Addresses of the deck: from the file as it is, and as the course made it. */
  readonly decks: { readonly own: string; readonly course: string };
}

/** The kernel of a chapter. `none`: the next run starts one. */
export interface KernelView {
  readonly state: "none" | "starting" | "idle" | "busy" | "stopping";
  /** Why there is none any more; empty when there is nothing to tell. */
  readonly message: string;
}

/** What the type checker says about a cell, as kit/check words it. */
export interface ProblemView {
  /** The cell's id. */
  readonly cell: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1 in UTF-16 units. */
  readonly column: number;
  readonly code: string;
  readonly message: string;
}

/** The file was changed by another program while the chapter was open. */
export interface ConflictView {
  /** Numbers of the cells that differ; empty when only outputs or the like do. */
  readonly cells: readonly number[];
  /** Why the file cannot be used; empty when it can. */
  readonly unreadable: string;
}

/** One proposal to complete what is being typed. */
export interface Completion {
  readonly label: string;
  /** What is inserted, when it differs from the label. */
  readonly apply?: string;
  /** As CodeMirror names kinds: "function", "variable", "property", "class", "interface", "keyword", "type", "enum", "constant", "method", "text". */
  readonly kind: string;
  /** The type or signature, short. */
  readonly detail: string;
}

/** From the server to the page. */
export type ServerMessage =
  /** Everything, at the beginning and whenever much has changed (reset, file taken from disk). */
  | { readonly type: "chapter"; readonly chapter: ChapterView }
  /** A cell has other code now, from a reset or another window. */
  | { readonly type: "source"; readonly cell: string; readonly source: string }
  /** All edits up to this number, of this connection, are in the file (or in the kept copy, during a conflict). */
  | { readonly type: "saved"; readonly edit: number }
  | {
    readonly type: "state";
    readonly cell: string;
    readonly state: RunState;
    readonly count: number | null;
    /** How long the run took, once it has ended. */
    readonly seconds?: number;
  }
  /** The outputs from an index on are these; what was there before goes. */
  | {
    readonly type: "outputs";
    readonly cell: string;
    readonly from: number;
    readonly html: readonly string[];
  }
  /** More text for an output that is printed text. */
  | {
    readonly type: "text";
    readonly cell: string;
    readonly output: number;
    readonly text: string;
  }
  | { readonly type: "problems"; readonly problems: readonly ProblemView[] }
  | { readonly type: "kernel"; readonly kernel: KernelView }
  | { readonly type: "exercises"; readonly exercises: readonly ExerciseView[] }
  /** The card with hints, or the reference solution, to be shown below the exercise's cell; not part of the notebook. */
  | { readonly type: "help"; readonly exercise: string; readonly html: string }
  | { readonly type: "conflict"; readonly conflict: ConflictView | null }
  /** Something to tell; `backup` names the copy that brings the state before back. */
  | { readonly type: "notice"; readonly text: string; readonly backup?: string }
  | {
    readonly type: "completions";
    readonly request: number;
    readonly options: readonly Completion[];
  }
  /** What a name is: its type as code, and its documentation as HTML. */
  | {
    readonly type: "hover";
    readonly request: number;
    readonly code: string;
    readonly html: string;
  };

/** From the page to the server; {@linkcode readClientMessage} refuses anything else. */
export type ClientMessage =
  | {
    readonly type: "edit";
    readonly cell: string;
    readonly source: string;
    /** Counts the edits of this connection from 1. */
    readonly edit: number;
  }
  /** Runs cells in this order; the first that fails ends the queue. */
  | { readonly type: "run"; readonly cells: readonly string[] }
  | { readonly type: "stop" }
  | { readonly type: "restart" }
  | { readonly type: "hint"; readonly exercise: string }
  /** The reference solution; refused unless the answer passes. */
  | { readonly type: "reference"; readonly exercise: string }
  | { readonly type: "resetExercise"; readonly exercise: string }
  | { readonly type: "resetChapter"; readonly keepAnswers: boolean }
  /** An empty cell below another one; the page is sent the chapter with it. */
  | { readonly type: "addCell"; readonly below: string }
  /** Only cells that were added can go. */
  | { readonly type: "removeCell"; readonly cell: string }
  | { readonly type: "resolve"; readonly keep: "mine" | "file" }
  | { readonly type: "restore"; readonly backup: string }
  /** Line and column as in {@linkcode ProblemView}. */
  | {
    readonly type: "complete" | "hover";
    readonly request: number;
    readonly cell: string;
    readonly line: number;
    readonly column: number;
  };
