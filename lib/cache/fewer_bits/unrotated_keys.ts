import { type LanguageModel, rotateHeads } from "../../lm/mod.ts";
import { GrowingRows, type Rounded, type RowStore } from "./row_store.ts";

/** What the rotation of keys needs to know of a model. */
export type KeyShape = Pick<LanguageModel, "keyValueHeads" | "headDimension" | "ropeTheta">;

/** Turns keys to their position, or, with a negative sign, back to position 0. */
export function turnKeys(keys: Float32Array, shape: KeyShape, position: number): void {
  const { keyValueHeads, headDimension, ropeTheta } = shape;
  rotateHeads(keys, 0, keyValueHeads, headDimension, position, ropeTheta);
}

/**
 * Stores keys as they were before they were rotated, and rotates them again when they are read.
 *
 * @param store Where the keys go, turned back to position 0.
 */
export class UnrotatedKeys implements RowStore {
  readonly #store: RowStore;
  readonly #shape: KeyShape;
  readonly #rotated: GrowingRows;
  readonly #positions: number[] = [];

  constructor(store: RowStore, shape: KeyShape) {
    this.#store = store;
    this.#shape = shape;
    this.#rotated = new GrowingRows(shape.keyValueHeads * shape.headDimension);
  }

  get count(): number {
    return this.#store.count;
  }

  get rows(): Float32Array {
    return this.#rotated.data;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  get written(): number {
    return this.#store.written;
  }

  append(row: Float32Array, position: number): Rounded {
    const straight = row.slice();
    turnKeys(straight, this.#shape, -position);
    this.#positions.push(position);
    this.#rotated.push(row);
    const [from, to] = this.#store.append(straight, position);
    for (let place = from; place < to; place++) {
      const keys = this.#rotated.row(place);
      keys.set(this.#store.rows.subarray(place * row.length, (place + 1) * row.length));
      turnKeys(keys, this.#shape, this.#positions[place]!);
    }
    return [from, to];
  }
}
