/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { OutputState } from "./chapter_state.ts";
import { OutputList } from "./output_view.ts";

/** What a cell has shown, each output in a room of its own. */
export function Outputs({ outputs, runs }: { outputs: readonly OutputState[]; runs: boolean }) {
  const parent = useRef<HTMLDivElement>(null);
  const list = useRef<OutputList>(null);
  useLayoutEffect(() => {
    if (!parent.current) return;
    list.current ??= new OutputList(parent.current);
    list.current.show(outputs, runs);
  }, [outputs, runs]);
  return <div ref={parent} class="wb-outputs" />;
}
