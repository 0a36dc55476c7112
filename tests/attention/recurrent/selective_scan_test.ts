import { assertAlmostEquals, assertThrows } from "@std/assert";
import { selectiveScan } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { assertClose, randomMatrix } from "../kinds/support.ts";
import golden from "./fixtures/golden_scan.json" with { type: "json" };

const scan = {
  input: Matrix.from(golden.input),
  step: Matrix.from(golden.step),
  decay: Matrix.from(golden.decay),
  write: Matrix.from(golden.write),
  read: Matrix.from(golden.read),
  skip: golden.skip,
};

// Made with the reference that Mamba's authors published: see fixtures/golden_scan.py.
Deno.test("selectiveScan() computes what Mamba's own reference does", () => {
  const { output, state } = selectiveScan(scan);
  assertClose(output, Matrix.from(golden.output), 2e-5);
  assertClose(state, Matrix.from(golden.state), 2e-5);
});

Deno.test("a scan may be cut anywhere, its state carried on", () => {
  const part = (from: number, to: number) => {
    const rows = (matrix: Matrix) => Matrix.from(matrix.toRows().slice(from, to));
    return {
      ...scan,
      input: rows(scan.input),
      step: rows(scan.step),
      write: rows(scan.write),
      read: rows(scan.read),
    };
  };
  const whole = selectiveScan(scan);
  const first = selectiveScan(part(0, 3));
  const second = selectiveScan({ ...part(3, 7), state: first.state });
  assertClose(second.state, whole.state);
  assertClose(
    Matrix.from([...first.output.toRows(), ...second.output.toRows()]),
    whole.output,
  );
});

Deno.test("a token with a very short step is passed over, one with a very long step wipes what was before", () => {
  const one = (delta: number) =>
    selectiveScan({
      input: Matrix.from([[0]]),
      step: Matrix.from([[delta]]),
      decay: Matrix.from([[-1]]),
      write: Matrix.from([[1]]),
      read: Matrix.from([[1]]),
      state: Matrix.from([[7]]),
    }).state.get(0, 0);
  assertAlmostEquals(one(1e-9), 7, 1e-7);
  assertAlmostEquals(one(50), 0, 1e-12);
});

Deno.test("shapes that do not fit and steps that are none are refused", () => {
  assertThrows(() => selectiveScan({ ...scan, read: randomMatrix(6, 4, 1) }), TypeError, "6 x 4");
  assertThrows(() => selectiveScan({ ...scan, skip: [1] }), TypeError, "current count is 1");
  assertThrows(() => selectiveScan({ ...scan, state: randomMatrix(1, 1, 1) }), TypeError, "state");
  for (const bad of [0, -1, NaN, Infinity]) {
    const step = scan.step.map((value, i) => i === 5 ? bad : value);
    assertThrows(() => selectiveScan({ ...scan, step }), RangeError, `current value is ${bad}`);
  }
});
