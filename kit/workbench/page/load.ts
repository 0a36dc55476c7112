import { useEffect, useState } from "preact/hooks";

/** Something that is asked for: not here yet, here, or not to be had, and then why. */
export type Loaded<Value> =
  | { readonly state: "loading" }
  | { readonly state: "here"; readonly value: Value }
  | { readonly state: "failed"; readonly reason: string };

/** What to do about an answer of 403, wherever it comes. */
export const otherRun =
  "This page belongs to an earlier run of the workbench. Open the address that the terminal shows.";

/**
 * Asks the server for JSON.
 *
 * @throws {Error} with words for the reader, when there is no answer.
 */
export async function fetchJson<Value>(path: string, signal?: AbortSignal): Promise<Value> {
  let response;
  try {
    response = await fetch(path, signal ? { signal } : {});
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Error("The workbench does not answer. Is it still running in the terminal?");
  }
  if (response.status === 403) throw new Error(otherRun);
  if (!response.ok) throw new Error(`The workbench could not answer (${response.status}).`);
  return await response.json();
}

/** Asks the server for JSON once for each address. */
export function useLoaded<Value>(path: string): Loaded<Value> {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ state: "loading" });
  useEffect(() => {
    const controller = new AbortController();
    fetchJson<Value>(path, controller.signal).then(
      (value) => setLoaded({ state: "here", value }),
      (error) => {
        if (!controller.signal.aborted) setLoaded({ state: "failed", reason: error.message });
      },
    );
    return () => controller.abort();
  }, [path]);
  return loaded;
}
