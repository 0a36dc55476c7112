/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ProblemView } from "../protocol.ts";

export interface ProblemListProps {
  readonly problems: readonly ProblemView[];
  readonly onGo: (problem: ProblemView) => void;
}

/** What the type checker says about a cell, in words; each leads to its place. */
export function ProblemList({ problems, onGo }: ProblemListProps) {
  if (problems.length === 0) return null;
  return (
    <ul class="wb-problems" aria-label="Type errors">
      {problems.map((problem, index) => (
        <li key={index}>
          <button type="button" class="wb-place" onClick={() => onGo(problem)}>
            Line {problem.line}
          </button>
          <span>{problem.message}</span>
          <span class="wb-code">{problem.code}</span>
        </li>
      ))}
    </ul>
  );
}
