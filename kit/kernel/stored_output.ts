import { lines, type Output } from "../notebook/mod.ts";

/**
 * An output as Jupyter writes it to disk: keys in alphabetical order, text as a list of lines, so that notebooks differ
 * line by line and saving one again in Jupyter changes nothing.
 */
export function storedOutput(output: Output, execution_count: number): Output {
  switch (output.output_type) {
    case "stream": {
      const { name, output_type, text } = output;
      return { name, output_type, text: typeof text === "string" ? lines(text) : text };
    }
    case "error": {
      const { ename, evalue, output_type, traceback } = output;
      return { ename, evalue, output_type, traceback };
    }
    case "display_data":
      return {
        data: storedData(output.data),
        metadata: output.metadata,
        output_type: output.output_type,
      };
    case "execute_result": {
      const { metadata, output_type } = output;
      return { data: storedData(output.data), execution_count, metadata, output_type };
    }
  }
}

/** What is text becomes a list of lines; JSON and pictures in base 64 stay. */
function storedData(data: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(data).toSorted(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(
    entries.map((
      [type, value],
    ) => [type, typeof value === "string" && isText(type) ? lines(value) : value]),
  );
}

function isText(type: string): boolean {
  return type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
}
