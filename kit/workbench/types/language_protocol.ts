import { z } from "zod";

/** What the course reads of the answers of a language server: a small part of the Language Server Protocol. */

const position = z.looseObject({ line: z.number(), character: z.number() });
const range = z.looseObject({ start: position });

/** A place in a document: line and character count from 0, the latter in UTF-16 units. */
export type Position = Readonly<Pick<z.infer<typeof position>, "line" | "character">>;

/** The answer to `textDocument/diagnostic`. */
export const diagnosticReport = z.object({
  items: z.array(z.object({
    range,
    /** 1 is an error; the others are warnings, remarks and hints. */
    severity: z.number(),
    source: z.string(),
    code: z.union([z.number(), z.string()]),
    message: z.string(),
    /** Deno names the module that it does not have. */
    data: z.object({ specifier: z.string() }).nullish().catch(undefined),
  })),
});

const completionItem = z.looseObject({
  label: z.string(),
  kind: z.number().optional(),
  sortText: z.string().optional(),
  /** What is inserted; it begins at the start of the range, or of the `insert` range. */
  textEdit: z.looseObject({
    newText: z.string(),
    range: range.optional(),
    insert: range.optional(),
  }).optional(),
});

/** One proposal of the language server. What else it says is kept, as it wants all of it back to tell more. */
export type CompletionItem = z.infer<typeof completionItem>;

/** The answer to `completionItem/resolve`. */
export const resolvedItem = z.object({ detail: z.string().optional() });

/** The answer to `textDocument/completion`. */
export const completionList = z.object({ items: z.array(completionItem) }).nullable();

/** The answer to `textDocument/hover`. */
export const hoverAnswer = z.object({ contents: z.object({ value: z.string() }) }).nullable();
