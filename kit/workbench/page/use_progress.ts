import { useEffect, useState } from "preact/hooks";
import type { ChapterProgress } from "../protocol.ts";
import { fetchJson } from "./load.ts";

/** How far the reader is, as far as that is known. */
export interface Progress {
  /** The chapters whose answers have been checked, in the order of the course. */
  readonly chapters: readonly ChapterProgress[];
  readonly state: "checking" | "done" | "failed";
  /** Why there is no more; empty unless it failed. */
  readonly reason: string;
}

const nothing: Progress = { chapters: [], state: "checking", reason: "" };

/** Has the answers checked, chapter by chapter: many answers take a while, and the first ones are told at once. */
export function useProgress(names: readonly string[]): Progress {
  const [progress, setProgress] = useState(nothing);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const check = async () => {
      const chapters: ChapterProgress[] = [];
      for (const name of names) {
        const path = `/api/progress/${encodeURIComponent(name)}`;
        chapters.push(await fetchJson<ChapterProgress>(path, signal));
        setProgress({ ...nothing, chapters: [...chapters] });
      }
      setProgress({ ...nothing, chapters, state: "done" });
    };
    check().catch(({ message }) => {
      if (!signal.aborted) {
        setProgress(({ chapters }) => ({ chapters, state: "failed", reason: message }));
      }
    });
    return () => controller.abort();
  }, [names.join()]);
  return progress;
}
