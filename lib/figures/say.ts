import { type Displayed, displayed } from "./displayed.ts";

/**
 * Shows a sentence whose numbers are computed, so that prose cannot drift from the code:
 * ``say`The ridge is at ${ridge}.` ``. Markdown works.
 */
export function say(
  parts: TemplateStringsArray,
  ...values: readonly (string | number)[]
): Displayed {
  const text = String.raw({ raw: parts }, ...values);
  return displayed({ "text/markdown": text, "text/plain": text });
}
