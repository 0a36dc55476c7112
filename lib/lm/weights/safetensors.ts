import { z } from "zod";
import { fromBrain, fromHalf } from "./half.ts";

/** One tensor, widened to 32-bit floats. */
export interface Tensor {
  readonly name: string;
  /** The format in which the file holds it, such as "F16". */
  readonly storedAs: string;
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

const sizes = { F32: 4, F16: 2, BF16: 2 } as const;
const entry = z.strictObject({
  dtype: z.enum(["F32", "F16", "BF16"]),
  shape: z.array(z.int().min(0)).max(8),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/** Headers beyond this are refused before they are read; that of a model with a thousand layers is smaller. */
const largestHeader = 2 ** 25;

/**
 * Reads a safetensors file: eight bytes for the length of the header, the header in JSON, then the numbers.
 *
 * Nothing in the file is believed: lengths, offsets, shapes, overlaps and gaps are checked before anything is allocated,
 * so a damaged or hostile file costs no more memory than its own size allows. A name that stands twice leaves the data of
 * the first as a gap, and is refused with it.
 *
 * @throws {SyntaxError} naming the tensor and the field that is wrong.
 */
export function readSafetensors(bytes: Uint8Array<ArrayBuffer>): Map<string, Tensor> {
  const fail = (what: string): never => {
    throw new SyntaxError(`Cannot read safetensors: ${what}`);
  };
  if (bytes.length < 8) {
    fail(`the file must have at least 8 bytes: current length is ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stated = view.getBigUint64(0, true);
  if (stated > BigInt(Math.min(largestHeader, bytes.length - 8))) {
    fail(
      `the header's length must fit in the file and in ${largestHeader} bytes: current value is ${stated}`,
    );
  }
  const start = 8 + Number(stated);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch (error) {
    fail(`the header must be JSON: ${(error as Error).message}`);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    return fail("the header must be a JSON object");
  }
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__").map(
    ([name, raw]) => {
      const parsed = entry.safeParse(raw);
      if (!parsed.success) {
        const issue = parsed.error.issues[0]!;
        return fail(
          `${JSON.stringify(name)}: ${issue.path.join(".") || "the entry"}: ${issue.message}`,
        );
      }
      const { dtype, shape, data_offsets: [from, to] } = parsed.data;
      const count = shape.reduce((product, size) => product * size, 1);
      const needed = count * sizes[dtype];
      if (!Number.isSafeInteger(needed) || to - from !== needed) {
        fail(
          `${
            JSON.stringify(name)
          }: data_offsets must span the ${needed} bytes of shape [${shape}]: current values are ${from} and ${to}`,
        );
      }
      if (start + to > bytes.length) {
        fail(
          `${
            JSON.stringify(name)
          }: data_offsets must lie in the file of ${bytes.length} bytes: the data ends at ${
            start + to
          }`,
        );
      }
      return { name, dtype, shape, from, to, count };
    },
  );
  const ordered = entries.toSorted((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const [index, { name, from, to }] of ordered.entries()) {
    const before = ordered[index - 1];
    if (before && from < end) {
      fail(`${JSON.stringify(name)}: data_offsets overlap those of ${JSON.stringify(before.name)}`);
    }
    if (from > end) {
      fail(
        `${
          JSON.stringify(name)
        }: data_offsets must begin at ${end}, where the data before ends: current value is ${from}`,
      );
    }
    end = to;
  }
  if (start + end !== bytes.length) {
    fail(
      `the file must end with the data, at ${start + end} bytes: current length is ${bytes.length}`,
    );
  }
  return new Map(entries.map(({ name, dtype, shape, from, count }) => {
    const data = new Float32Array(count);
    const at = start + from;
    if (dtype === "F32") {
      for (let index = 0; index < count; index++) {
        data[index] = view.getFloat32(at + 4 * index, true);
      }
    } else {
      const widen = dtype === "F16" ? fromHalf : fromBrain;
      for (let index = 0; index < count; index++) {
        data[index] = widen(view.getUint16(at + 2 * index, true));
      }
    }
    return [name, { name, storedAs: dtype, shape, data }];
  }));
}
