import { z } from "zod";
import type { ClientMessage } from "./protocol.ts";

const name = z.string().min(1).max(200);
const count = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** The longest message that is read, in UTF-16 units: a cell of a megabyte is no cell. */
const longest = 2 ** 20;

const message = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("edit"),
    cell: name,
    source: z.string().max(longest),
    edit: count,
  }),
  z.strictObject({ type: z.literal("run"), cells: z.array(name).max(1000) }),
  z.strictObject({ type: z.literal("stop") }),
  z.strictObject({ type: z.literal("restart") }),
  z.strictObject({ type: z.literal("hint"), exercise: name }),
  z.strictObject({ type: z.literal("reference"), exercise: name }),
  z.strictObject({ type: z.literal("resetExercise"), exercise: name }),
  z.strictObject({ type: z.literal("resetChapter"), keepAnswers: z.boolean() }),
  z.strictObject({ type: z.literal("addCell"), below: name }),
  z.strictObject({ type: z.literal("removeCell"), cell: name }),
  z.strictObject({ type: z.literal("resolve"), keep: z.enum(["mine", "file"]) }),
  z.strictObject({ type: z.literal("restore"), backup: name }),
  z.strictObject({
    type: z.enum(["complete", "hover"]),
    request: count,
    cell: name,
    line: count,
    column: count,
  }),
]);

/**
 * Reads what a page has sent.
 *
 * @throws {SyntaxError} when it is no message of {@linkcode ClientMessage}, or too long; it names the field.
 */
export function readClientMessage(data: unknown): ClientMessage {
  const refuse = (reason: string): never => {
    throw new SyntaxError(`Cannot read the message of a page: ${reason}`);
  };
  if (typeof data !== "string") return refuse("it must be text");
  // Escaped text can be six times as long as what it says.
  if (data.length > 6 * longest) return refuse(`it must be shorter than ${6 * longest} characters`);
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return refuse("it must be JSON");
  }
  const result = message.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  return refuse(`${issue?.path.join(".") || "the message"}: ${issue?.message}`);
}
