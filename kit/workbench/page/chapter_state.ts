import type {
  ChapterView,
  CodeView,
  ExerciseView,
  ProblemView,
  ProseView,
  ServerMessage,
} from "../protocol.ts";

/** An output: what it was when it came, and the text that was printed since. */
export interface OutputState {
  readonly html: string;
  readonly more: string;
}

/** A cell that is run, as the page knows it. */
export interface CodeState extends Omit<CodeView, "outputs"> {
  readonly outputs: readonly OutputState[];
  /** How long the last run took that the page has seen end. */
  readonly seconds: number | null;
  /** When the run began that goes on, in milliseconds; null when none does. */
  readonly since: number | null;
}

/** Something to tell, until it is closed. */
export interface Notice {
  readonly key: number;
  readonly text: string;
  readonly backup?: string;
}

/** An open chapter, as the page knows it. */
export interface ChapterState extends Omit<ChapterView, "cells" | "problems" | "exercises"> {
  readonly cells: readonly (ProseView | CodeState)[];
  /** By cell. */
  readonly problems: ReadonlyMap<string, readonly ProblemView[]>;
  /** By id. */
  readonly exercises: ReadonlyMap<string, ExerciseView>;
  /** The cards and solutions that are shown, by exercise. */
  readonly help: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
}

/** The code cells in order. */
export function codeCellsOf({ cells }: Pick<ChapterState, "cells">): readonly CodeState[] {
  return cells.filter((cell) => cell.kind === "code");
}

/** The fragment of a code cell's address. */
export function cellAnchor({ id, exercise }: Pick<CodeState, "id" | "exercise">): string {
  return exercise === undefined ? `cell-${id}` : `exercise-${exercise}`;
}

/** Whether the last run of a cell ended with an error. */
export function hasFailed({ outputs }: Pick<CodeState, "outputs">): boolean {
  return outputs.some(({ html }) => html.startsWith('<div class="output error"'));
}

function fresh(html: string): OutputState {
  return { html, more: "" };
}

function openChapter(chapter: ChapterView, before: ChapterState | null, now: number): ChapterState {
  const known = new Map(before && codeCellsOf(before).map((cell) => [cell.id, cell]));
  const cells = chapter.cells.map((cell) => {
    if (cell.kind === "prose") return cell;
    const old = known.get(cell.id);
    return {
      ...cell,
      outputs: cell.outputs.map(fresh),
      seconds: null,
      since: cell.state === "running" ? old?.since ?? now : null,
    };
  });
  return {
    ...chapter,
    cells,
    problems: Map.groupBy(chapter.problems, ({ cell }) => cell),
    exercises: new Map(chapter.exercises.map((exercise) => [exercise.id, exercise])),
    help: before?.help ?? new Map(),
    notices: before?.notices ?? [],
  };
}

/** The state in which one cell is another; the others stay the same objects, so that they need not be drawn again. */
export function withCell(
  state: ChapterState,
  id: string,
  change: (cell: CodeState) => Partial<CodeState>,
): ChapterState {
  const cells = state.cells.map((cell) =>
    cell.kind === "code" && cell.id === id ? { ...cell, ...change(cell) } : cell
  );
  return { ...state, cells };
}

/** The state without the help that is shown for one exercise, or for all of them. */
export function withoutHelp(state: ChapterState, exercise?: string): ChapterState {
  const others = [...state.help].filter(([id]) => exercise !== undefined && id !== exercise);
  return { ...state, help: new Map(others) };
}

/** The state without a notice that has been read. */
export function withoutNotice(state: ChapterState, key: number): ChapterState {
  return { ...state, notices: state.notices.filter((notice) => notice.key !== key) };
}

/**
 * What a message of the server makes of the chapter. Messages that come before the chapter itself, and answers to
 * questions, change nothing.
 *
 * @param now the time in milliseconds, by which a run is counted
 */
export function reduce(
  state: ChapterState | null,
  message: ServerMessage,
  now: number,
): ChapterState | null {
  if (message.type === "chapter") return openChapter(message.chapter, state, now);
  if (!state) return null;
  switch (message.type) {
    case "source":
      return withCell(state, message.cell, () => ({ source: message.source }));
    case "state":
      return withCell(state, message.cell, (cell) => ({
        state: message.state,
        count: message.count,
        seconds: message.seconds ?? (message.state === "idle" ? cell.seconds : null),
        since: message.state === "running" ? now : null,
      }));
    case "outputs":
      return withCell(state, message.cell, ({ outputs }) => ({
        outputs: [...outputs.slice(0, message.from), ...message.html.map(fresh)],
      }));
    case "text":
      return withCell(state, message.cell, ({ outputs }) => ({
        outputs: outputs.map((output, index) =>
          index === message.output ? { ...output, more: output.more + message.text } : output
        ),
      }));
    case "problems":
      return { ...state, problems: Map.groupBy(message.problems, ({ cell }) => cell) };
    case "kernel":
      return { ...state, kernel: message.kernel };
    case "exercises":
      return {
        ...state,
        exercises: new Map(message.exercises.map((exercise) => [exercise.id, exercise])),
      };
    case "help":
      return { ...state, help: new Map([...state.help, [message.exercise, message.html]]) };
    case "conflict":
      return { ...state, conflict: message.conflict };
    case "notice": {
      const { text, backup } = message;
      const key = (state.notices.at(-1)?.key ?? 0) + 1;
      const notice = { key, text, ...(backup !== undefined && { backup }) };
      // Only the latest change can be undone with a word, and the last three notices are enough to read.
      const others = backup === undefined
        ? state.notices
        : state.notices.filter((other) => other.backup === undefined);
      return { ...state, notices: [...others, notice].slice(-3) };
    }
    default:
      return state;
  }
}
