import type { ServerMessage } from "../protocol.ts";
import { type ChapterState, codeCellsOf, hasFailed } from "./chapter_state.ts";

/**
 * What a message means in words, for those who do not see the page change; empty when it is nothing to tell. While
 * cells still wait, only a failure is told, so that running a chapter is not a recital.
 */
export function announce(
  before: ChapterState | null,
  message: ServerMessage,
  after: ChapterState | null,
): string {
  if (!before || !after) return "";
  switch (message.type) {
    case "state": {
      const find = (state: ChapterState) =>
        codeCellsOf(state).find(({ id }) => id === message.cell);
      const [old, cell] = [find(before), find(after)];
      if (!cell || old?.state !== "running" || cell.state !== "idle") return "";
      if (hasFailed(cell)) return `Cell ${cell.number} failed.`;
      const rest = codeCellsOf(after).some(({ state }) => state !== "idle");
      return rest ? "" : `Cell ${cell.number} ran.`;
    }
    case "exercises":
      return message.exercises.flatMap(({ id, status, earned, points }) => {
        const old = before.exercises.get(id);
        if (!old || old.status === status && old.earned === earned) return [];
        if (status === "not attempted") return [];
        const words = status === "passed" ? "passed" : "has not passed yet";
        return [`Exercise ${id} ${words}, ${earned} of ${points} points.`];
      }).join(" ");
    case "kernel": {
      const { state, message: reason } = message.kernel;
      return state === "none" && before.kernel.state !== "none" ? reason : "";
    }
    case "help":
      return `Help for exercise ${message.exercise} is shown below its cell.`;
    case "notice":
      return message.text;
    case "conflict":
      return message.conflict && !before.conflict
        ? "This file was changed by another program. Choose above the text what to keep."
        : "";
    default:
      return "";
  }
}
