import { z } from "zod";

const multiline = z.union([z.string(), z.array(z.string())]);
const bundle = z.record(z.string(), z.unknown());

const output = z.discriminatedUnion("output_type", [
  z.looseObject({
    output_type: z.literal("stream"),
    name: z.enum(["stdout", "stderr"]),
    text: multiline,
  }),
  z.looseObject({ output_type: z.literal("display_data"), data: bundle, metadata: bundle }),
  z.looseObject({
    output_type: z.literal("execute_result"),
    execution_count: z.number().int().nullable(),
    data: bundle,
    metadata: bundle,
  }),
  z.looseObject({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const cellMetadata = z.looseObject({
  tags: z.array(z.string()).optional(),
  slideshow: z.looseObject({ slide_type: z.string().optional() }).optional(),
});

const cell = z.discriminatedUnion("cell_type", [
  z.looseObject({
    cell_type: z.literal("markdown"),
    id: z.string(),
    metadata: cellMetadata,
    source: multiline,
  }),
  z.looseObject({
    cell_type: z.literal("raw"),
    id: z.string(),
    metadata: cellMetadata,
    source: multiline,
  }),
  z.looseObject({
    cell_type: z.literal("code"),
    id: z.string(),
    metadata: cellMetadata,
    source: multiline,
    execution_count: z.number().int().nullable(),
    outputs: z.array(output),
  }),
]);

const notebook = z.looseObject({
  nbformat: z.literal(4),
  nbformat_minor: z.number().int().min(5),
  metadata: z.looseObject({}),
  cells: z.array(cell),
});

/** One output of a code cell, as nbformat 4.5 stores it. */
export type Output = z.infer<typeof output>;
/** One cell: markdown, raw or code. */
export type Cell = z.infer<typeof cell>;
/** A cell that the kernel runs. */
export type CodeCell = Extract<Cell, { cell_type: "code" }>;
/** A whole notebook. Fields that nbformat allows and the course does not use are kept. */
export type Notebook = z.infer<typeof notebook>;

/** Joins a multi-line field, which nbformat stores as one string or as a list of lines. */
export function text(field: string | readonly string[]): string {
  return typeof field === "string" ? field : field.join("");
}

/** The code cells, each with its position among all the cells, counted from 1 as messages do. */
export function codeCells(book: Notebook): { cell: CodeCell; number: number }[] {
  return book.cells.flatMap((cell, index) =>
    cell.cell_type === "code" ? [{ cell, number: index + 1 }] : []
  );
}

/**
 * Reads a notebook from its JSON text.
 *
 * @throws {SyntaxError} when the text is no nbformat 4.5 notebook; the message names the notebook and the field.
 */
export function parseNotebook(json: string, name: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new SyntaxError(
      `Cannot read notebook ${name}: it is not JSON: ${(error as Error).message}`,
    );
  }
  const result = notebook.safeParse(value);
  // The value itself, as the schema puts keys in another order.
  if (result.success) return value as Notebook;
  const issue = result.error.issues[0];
  throw new SyntaxError(
    `Cannot read notebook ${name}: ${issue?.path.join(".") || "the file"}: ${
      issue?.message ?? "not nbformat 4.5"
    }`,
  );
}

/** Splits text into the list of lines that nbformat prefers, which keeps diffs line by line. */
export function lines(source: string): string[] {
  return source.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Writes a notebook as Jupyter does: one space of indentation, multi-line fields as lists, a final newline. */
export function serializeNotebook(book: Notebook): string {
  const cells = book.cells.map((cell) => ({ ...cell, source: lines(text(cell.source)) }));
  return JSON.stringify({ ...book, cells }, null, 1) + "\n";
}
