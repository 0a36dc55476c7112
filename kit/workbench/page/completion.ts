import type { CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import type { Completion } from "../protocol.ts";
import { placeOf } from "./places.ts";

/**
 * Proposals of the server for the name that is being typed, or after a dot. While the name goes on, those that still
 * fit stay, and nothing is asked again.
 */
export function completionSource(
  ask: (line: number, column: number) => Promise<readonly Completion[]>,
): CompletionSource {
  return async (context): Promise<CompletionResult | null> => {
    const { state, pos, explicit } = context;
    const word = context.matchBefore(/[\w$]+/);
    const afterDot = context.matchBefore(/\.[\w$]*/) !== null;
    if (!word && !afterDot && !explicit || !afterDot && /^\d/.test(word?.text ?? "")) return null;
    const { line, column } = placeOf(state.doc, pos);
    const options = await ask(line, column);
    if (options.length === 0) return null;
    return {
      from: word?.from ?? pos,
      options: options.map(({ label, apply, kind, detail }) => ({
        label,
        type: kind,
        detail,
        ...(apply !== undefined && { apply }),
      })),
      validFor: /^[\w$]*$/,
    };
  };
}
