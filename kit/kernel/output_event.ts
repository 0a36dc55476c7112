import { z } from "zod";
import type { Output } from "../notebook/mod.ts";
import type { Message } from "./message.ts";

/** One step in the life of a cell's outputs, in the order in which the cell took it. */
export type OutputEvent =
  /** A new output, or a further piece of a stream; `display` is the name under which it can be updated. */
  | { readonly type: "output"; readonly output: Output; readonly display?: string }
  /** New content for an earlier display, of this cell or another. */
  | {
    readonly type: "update";
    readonly display: string;
    readonly data: Bundle;
    readonly metadata: Bundle;
  }
  /** All outputs of the cell go: now, or when the next one comes. */
  | { readonly type: "clear"; readonly wait: boolean };

/** A value by MIME type, or what is to be said of it. */
export type Bundle = Record<string, unknown>;

const stream = z.object({ name: z.enum(["stdout", "stderr"]), text: z.string() });
const clear = z.object({ wait: z.boolean().default(false) });
const bundle = z.record(z.string(), z.unknown()).nullish().transform((value) => value ?? {});
const display = z.object({
  data: bundle,
  metadata: bundle,
  transient: z.object({ display_id: z.string().optional() }).nullish(),
});

/**
 * What a message of the kernel does to the outputs, errors apart; undefined when it is about something else.
 *
 * @throws {z.ZodError} when the content does not fit the type of the message.
 */
export function outputEvent({ header, content }: Message): OutputEvent | undefined {
  switch (header.msg_type) {
    case "stream":
      return { type: "output", output: { output_type: "stream", ...stream.parse(content) } };
    case "clear_output":
      return { type: "clear", ...clear.parse(content) };
    case "display_data":
    case "execute_result":
    case "update_display_data": {
      const { data, metadata, transient } = display.parse(content);
      const id = transient?.display_id;
      if (header.msg_type === "update_display_data") {
        return { type: "update", display: id ?? "", data, metadata };
      }
      const output: Output = header.msg_type === "display_data"
        ? { output_type: "display_data", data, metadata }
        : { output_type: "execute_result", data, metadata, execution_count: null };
      return id === undefined
        ? { type: "output", output }
        : { type: "output", output, display: id };
    }
    default:
      return undefined;
  }
}
