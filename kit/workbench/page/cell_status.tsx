/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useEffect, useState } from "preact/hooks";
import type { CodeState } from "./chapter_state.ts";
import { formatSeconds } from "./format_seconds.ts";

/** The seconds since a moment, counting on. */
function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return <span class="wb-elapsed">{seconds} s</span>;
}

/** Whether a cell waits, runs, or has run: how long it took, and the how manieth run of the kernel it was. */
export function CellStatus({ cell }: { cell: CodeState }) {
  const { state, since, count, seconds } = cell;
  if (state === "queued") return <span class="wb-status">Waiting</span>;
  if (state === "running") {
    return (
      <span class="wb-status wb-running">
        <span class="wb-pulse" aria-hidden="true" />
        Running {since !== null && <Elapsed since={since} />}
      </span>
    );
  }
  return (
    <span class="wb-status">
      {count !== null && (
        <span title={`Run ${count} of its kernel`}>
          <span class="visually-hidden">Run</span>
          [{count}]
        </span>
      )}
      {seconds !== null && <span>{formatSeconds(seconds)}</span>}
    </span>
  );
}
