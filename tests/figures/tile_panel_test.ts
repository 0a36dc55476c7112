import { assertEquals, assertThrows } from "@std/assert";
import { flashSteps } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { type PanelBox, panelBoxes, panelSize, turnNumber } from "../../lib/figures/tile_panel.ts";

const zeros = () => Matrix.zeros(6, 2);
const tile = { rows: 2, columns: 2 };
const steps = flashSteps({ queries: zeros(), keys: zeros(), values: zeros() }, {
  causal: true,
  tile,
});
const run = { queries: 6, keys: 6, tile, steps };
const states = (turn: number, what: PanelBox["what"]) =>
  panelBoxes(run, turn).filter((box) => box.what === what).map(({ state }) => state);

Deno.test("panelBoxes() computes each tile on and below the diagonal once, and never one above it", () => {
  const visited = steps.filter(({ masked }) => masked !== "wholly").map(({ turn }) => turn);
  for (const [index, turn] of visited.entries()) {
    const scores = states(turn, "score");
    const count = (state: PanelBox["state"]) => scores.filter((other) => other === state).length;
    assertEquals([count("done"), count("now"), count("to come"), count("never")], [
      index,
      1,
      5 - index,
      3,
    ]);
  }
});

Deno.test("panelBoxes() has one piece of queries, keys and values in the fast memory at a time", () => {
  for (const { turn } of steps) {
    for (const what of ["queries", "keys", "values"] as const) {
      assertEquals(states(turn, what).filter((state) => state === "now").length, 1);
    }
  }
});

Deno.test("panelBoxes() says that a result is finished with the last tile of its row, not before", () => {
  const turnOf = (row: number, column: number) =>
    steps.find(({ rows, columns }) => rows[0] === row && columns[0] === column)!.turn;
  assertEquals(states(turnOf(0, 0), "output"), ["done", "to come", "to come"]);
  assertEquals(states(turnOf(2, 0), "output"), ["done", "now", "to come"]);
  assertEquals(states(turnOf(2, 2), "output"), ["done", "done", "to come"]);
  assertEquals(states(turnOf(4, 4), "output"), ["done", "done", "done"]);
});

Deno.test("panelBoxes() keeps every box inside the panel, and refuses a turn that is not there", () => {
  const { width, height } = panelSize(run);
  for (const box of panelBoxes(run, 0)) {
    assertEquals(box.x >= 0 && box.x + box.width <= width + 1e-9, true);
    assertEquals(box.y >= 0 && box.y + box.height <= height + 1e-9, true);
  }
  assertThrows(() => panelBoxes(run, steps.length), RangeError, "current value is 9");
});

Deno.test("turnNumber() counts the turns that are taken, from 1", () => {
  const numbers = steps.filter(({ masked }) => masked !== "wholly").map(({ turn }) =>
    turnNumber(run, turn)
  );
  assertEquals(numbers, [1, 2, 3, 4, 5, 6]);
});
