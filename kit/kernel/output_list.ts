import type { Output } from "../notebook/mod.ts";
import type { Bundle, OutputEvent } from "./output_event.ts";

/** Displays that can be updated, by name: one map for all the cells that one kernel runs. */
export type Displays = Map<string, { data: Bundle; metadata: Bundle }[]>;

/**
 * The outputs of one cell, as a notebook shows them: pieces of the same stream that follow one another are one output,
 * an update changes the earlier display in place, and a clear with `wait` happens when the next output comes.
 */
export class OutputList {
  readonly outputs: Output[] = [];
  #clearNext = false;

  constructor(private readonly displays: Displays = new Map()) {}

  add(event: OutputEvent): void {
    switch (event.type) {
      case "clear":
        this.#clearNext = event.wait;
        if (!event.wait) this.outputs.length = 0;
        break;
      case "update":
        for (const shown of this.displays.get(event.display) ?? []) {
          Object.assign(shown, { data: event.data, metadata: event.metadata });
        }
        break;
      case "output":
        if (this.#clearNext) this.outputs.length = 0;
        this.#clearNext = false;
        this.#append(event.output, event.display);
    }
  }

  #append(output: Output, display: string | undefined): void {
    const last = this.outputs.at(-1);
    if (
      output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name
    ) {
      last.text = `${last.text}${output.text}`;
      return;
    }
    const kept = { ...output };
    this.outputs.push(kept);
    if (display === undefined || !("data" in kept)) return;
    const same = this.displays.get(display) ?? [];
    this.displays.set(display, [...same, kept as { data: Bundle; metadata: Bundle }]);
  }
}
