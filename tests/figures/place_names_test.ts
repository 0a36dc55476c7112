import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type NamePlace, type Pixel, placeNames } from "@fewer-bytes/figures";

const frame = [0, 0, 400, 300] as const;
const halfHeight = 7;
/** A letter is taken to be this wide. */
const letter = 6.9;

function boxOf({ at, name }: { at: Pixel; name: string }, { dx, dy, anchor }: NamePlace) {
  const width = letter * name.length;
  const left = at[0] + dx - { start: 0, middle: width / 2, end: width }[anchor];
  return [left, at[1] + dy - halfHeight, left + width, at[1] + dy + halfHeight] as const;
}
type Box = ReturnType<typeof boxOf>;
const meet = (a: Box, b: Box) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

Deno.test("placeNames() puts a name to the right of a point that stands alone", () => {
  assertEquals(placeNames([{ at: [100, 100], name: "alone" }], [], frame), [
    { dx: 9, dy: 0, anchor: "start" },
  ]);
});

Deno.test("placeNames() turns to the left where the frame ends", () => {
  const [place] = placeNames([{ at: [390, 100], name: "at the edge" }], [], frame);
  assertEquals(place!.anchor, "end");
});

Deno.test("placeNames() keeps off a curve", () => {
  const named = { at: [100, 100], name: "point" } as const;
  const curve = [[0, 100], [400, 100]] as const;
  const [place] = placeNames([named], [curve], frame);
  const [, top, , bottom] = boxOf(named, place!);
  assert(bottom < 100 || top > 100, String(place));
});

Deno.test("placeNames() leaves no doubt whose name it is: no other point is nearer", () => {
  // A curve takes the places beside the first point; above it on the right, the second one would be nearer.
  const named = [{ at: [200, 100], name: "first" }, { at: [235, 70], name: "second" }] as const;
  const [place] = placeNames(named, [[[0, 100], [400, 100]]], frame);
  assertEquals(place, { dx: -9, dy: -14, anchor: "end" });
});

Deno.test("placeNames() lets no two names of a few spread points meet", () => {
  const points = fc.uniqueArray(
    fc.record({ column: fc.integer({ min: 0, max: 4 }), row: fc.integer({ min: 0, max: 5 }) }),
    { minLength: 2, maxLength: 8, selector: ({ column, row }) => 10 * column + row },
  );
  fc.assert(fc.property(points, (cells) => {
    const named = cells.map(({ column, row }, i) => ({
      at: [40 + 80 * column, 25 + 50 * row] as const,
      name: `name ${i}`,
    }));
    const boxes = placeNames(named, [], frame).map((place, i) => boxOf(named[i]!, place));
    boxes.forEach((box, i) => assert(!boxes.slice(0, i).some((other) => meet(box, other))));
  }));
});

Deno.test("placeNames() rather comes near another point than hides it, where the frame leaves no better place", () => {
  const named = [{ at: [40, 100], name: "a name of many letters" }, {
    at: [110, 100],
    name: "other",
  }] as const;
  const [place] = placeNames(named, [], frame);
  const [left, top, right, bottom] = boxOf(named[0], place!);
  const [x, y] = named[1].at;
  assert(x < left || x > right || y < top || y > bottom, JSON.stringify(place));
  assert(left > 0 && right < 400);
});
