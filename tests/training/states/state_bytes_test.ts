import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  parameterStates,
  parametersThatFit,
  stageOneFormula,
  stageThreeFormula,
  stageTwoFormula,
  stateBytes,
  type ZeroStage,
} from "@fewer-bytes/training";
import fc from "fast-check";

// ZeRO (2019), table 1: gigabytes of a 7.5-billion model on each of so many devices.
Deno.test("stateBytes() is ZeRO's table 1", () => {
  const table: [number, string, string, string][] = [
    [1, "120.0", "120.0", "120.0"],
    [4, "52.5", "41.3", "30.0"],
    [16, "35.6", "21.6", "7.5"],
    [64, "31.4", "16.6", "1.9"],
    [256, "30.4", "15.4", "0.5"],
    [1024, "30.1", "15.1", "0.1"],
  ];
  for (const [dataParallel, ...wanted] of table) {
    const found = ([1, 2, 3] as const).map((stage) =>
      (Math.round(stateBytes(7.5e9, { stage, dataParallel }).total / 1e8) / 10).toFixed(1)
    );
    assertEquals(found, wanted);
  }
});

Deno.test("stateBytes() is its printed formulas", () => {
  fc.assert(fc.property(
    fc.double({ min: 1e6, max: 1e13, noNaN: true }),
    fc.integer({ min: 1, max: 4096 }),
    (P, N) => {
      const formulas = { 1: stageOneFormula, 2: stageTwoFormula, 3: stageThreeFormula };
      for (const stage of [1, 2, 3] as const) {
        const wanted = formulas[stage].evaluate({ P, N });
        assertAlmostEquals(stateBytes(P, { stage, dataParallel: N }).total, wanted, 1e-9 * wanted);
      }
    },
  ));
});

Deno.test("13 billion parameters fit 32 GB with stage 2 on 64 devices, and 1.4 billion without", () => {
  const capacity = 32e9;
  assertAlmostEquals(parametersThatFit(capacity, { stage: 2, dataParallel: 64 }) / 1e9, 14.4, 0.05);
  assertEquals(parametersThatFit(capacity) / 1e9, 2); // states alone: with activations the paper trained 1.4
});

// microsoft/DeepSpeed, docs/code-docs/source/memory.rst, its estimator's output for t5-3b on 8 devices: 6.09 GB (2³⁰)
// with stage 3, 32 million parameters in the largest layer, which is gathered with its gradients; 18 bytes a parameter.
Deno.test("stage 3 is DeepSpeed's estimate, but for the layer that it gathers", () => {
  const states = parameterStates["mixed-precise-gradients"];
  const { total } = stateBytes(2851e6, { stage: 3, dataParallel: 8, states });
  assertEquals(((total + 4 * 32e6) / 2 ** 30).toFixed(2), "6.09");
});

Deno.test("parametersThatFit() turns stateBytes() around", () => {
  fc.assert(fc.property(
    fc.constantFrom<ZeroStage>(0, 1, 2, 3),
    fc.integer({ min: 1, max: 1024 }),
    fc.constantFrom(...Object.values(parameterStates)),
    (stage, dataParallel, states) => {
      const sharding = { stage, dataParallel, states };
      const parameters = parametersThatFit(80e9, sharding);
      assertAlmostEquals(stateBytes(parameters, sharding).total, 80e9, 1);
    },
  ));
});

Deno.test("stages and numbers that are none are refused", () => {
  assertThrows(() => stateBytes(NaN), RangeError, "parameters");
  assertThrows(() => stateBytes(1, { stage: 4 as ZeroStage }), RangeError, "0, 1, 2 or 3");
  assertThrows(() => stateBytes(1, { dataParallel: 0 }), RangeError, "data-parallel");
  assertThrows(() => parametersThatFit(0), RangeError, "the capacity");
  const states = { weights: -2, gradients: 2, optimizer: 12 };
  assertThrows(() => stateBytes(1, { states }), RangeError, "weights");
});
