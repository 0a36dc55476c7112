/** A place on a picture, in pixels. */
export type Pixel = readonly [x: number, y: number];

/** A rectangle on a picture, in pixels. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Where a name stands, from the point that it names. */
export interface NamePlace {
  readonly dx: number;
  readonly dy: number;
  readonly anchor: "start" | "middle" | "end";
}

/** Places around a point, the best first. */
const candidates: readonly NamePlace[] = [0, -14, 14, -28, 28, -42, 42].flatMap((dy) => [
  { dx: 9, dy, anchor: "start" },
  { dx: -9, dy, anchor: "end" },
  ...dy ? [{ dx: 0, dy, anchor: "middle" } as const] : [],
]);
const letter = 6.9;
const overlap = (a: Box, b: Box) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
const around = ([x, y]: Pixel, reach: number): Box => [x - reach, y - reach, x + reach, y + reach];

/** How far a point is from a box; 0 inside. */
function distance([x, y]: Pixel, [left, top, right, bottom]: Box): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}

/**
 * Where can each name stand so that it hides no point, no curve and no other name, and is nearest to its own point?
 *
 * The places around a point are tried one after the other. Where none will do, a name may stand nearer to another point,
 * as long as it hides nothing; and if it must hide something, it stands to the right of its point.
 *
 * @param named Points and their names.
 * @param curves What else must not be hidden, as points along curves.
 * @param frame Within which all names stay.
 * @returns One place for each name.
 * @example Two points side by side: the second name goes where the first is not
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { placeNames } from "@fewer-bytes/figures";
 *
 * const named = [{ at: [50, 50], name: "left" }, { at: [65, 50], name: "right" }] as const;
 * const places = placeNames(named, [], [0, 0, 200, 100]);
 * assertEquals(places.map(({ anchor }) => anchor), ["end", "start"]);
 * ```
 */
export function placeNames(
  named: readonly { readonly at: Pixel; readonly name: string }[],
  curves: readonly (readonly Pixel[])[],
  frame: Box,
): NamePlace[] {
  const taken: Box[] = [
    ...named.map(({ at }) => around(at, 6)),
    ...curves.flatMap((curve) => alongside(curve)),
  ];
  return named.map(({ at, name }) => {
    const boxOf = ({ dx, dy, anchor }: NamePlace): Box => {
      const width = letter * name.length;
      const left = at[0] + dx - { start: 0, middle: width / 2, end: width }[anchor];
      return [left, at[1] + dy - 7, left + width, at[1] + dy + 7];
    };
    const free = candidates.filter((candidate) => {
      const box = boxOf(candidate);
      const inside = box[0] > frame[0] && box[1] > frame[1] && box[2] < frame[2] &&
        box[3] < frame[3];
      return inside && !taken.some((other) => overlap(box, other));
    });
    const clear = free.find((candidate) => {
      const box = boxOf(candidate);
      const own = distance(at, box);
      return named.every((other) => other.at === at || distance(other.at, box) > own);
    });
    const place = clear ?? free[0] ?? candidates[0]!;
    taken.push(boxOf(place));
    return place;
  });
}

/** Small boxes along a curve, close enough that no name slips between them. */
function alongside(curve: readonly Pixel[]): Box[] {
  return curve.flatMap((to, i) => {
    const from = curve[i - 1] ?? to;
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 6));
    return Array.from({ length: steps }, (_, step) => {
      const part = (step + 1) / steps;
      return around([
        from[0] + part * (to[0] - from[0]),
        from[1] + part * (to[1] - from[1]),
      ], 3);
    });
  });
}
