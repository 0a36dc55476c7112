import { formula } from "../../numeric/mod.ts";
import { type Bytes, requireAtLeast, requireInteger, requirePositive } from "../../units/mod.ts";
import { type ParameterStates, parameterStates } from "./parameter_states.ts";

/** What is divided among data-parallel devices: 0 nothing, 1 the optimizer's state, 2 gradients too, 3 weights too. */
export type ZeroStage = 0 | 1 | 2 | 3;

/** How states are kept and divided. */
export interface Sharding {
  /** Default 0: each device has everything. */
  readonly stage?: ZeroStage;
  /** Devices that each see other data. Default 1. */
  readonly dataParallel?: number;
  /** Default: {@linkcode parameterStates}.mixed. */
  readonly states?: ParameterStates;
}

/** Bytes of the states on one device. */
export interface StateBytes {
  readonly weights: Bytes;
  readonly gradients: Bytes;
  readonly optimizer: Bytes;
  readonly total: Bytes;
}

/** The states of one device with stage 1, as they are printed and computed. */
export const stageOneFormula = formula("bytes = P * (4 + 12 / N)", {
  bytes: "on each device",
  P: "parameters",
  N: "data-parallel devices",
});

/** The same with stage 2. */
export const stageTwoFormula = formula("bytes = P * (2 + 14 / N)", stageOneFormula.symbols);

/** The same with stage 3. */
export const stageThreeFormula = formula("bytes = 16 * P / N", stageOneFormula.symbols);

/**
 * How much memory do weights, gradients and the optimizer's state take on each device? Data parallelism keeps all of them
 * on every device, although each uses most of them rarely. ZeRO divides them among the N devices instead: first what is
 * only needed for the update, then gradients, then the weights themselves, which travel when their layer's turn comes.
 *
 * Source: Rajbhandari et al., "ZeRO: Memory Optimizations Toward Training Trillion Parameter Models" (2019), section 5.
 *
 * @param parameters Of the part of the model that a data-parallel group trains: all, or a share under model parallelism.
 * @throws {RangeError} when a number or the stage is out of range.
 * @example The paper's first figure: 7.5 billion parameters, 64 devices
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { stateBytes } from "@fewer-bytes/training";
 *
 * const gigabytes = ([0, 1, 2, 3] as const).map((stage) =>
 *   (stateBytes(7.5e9, { stage, dataParallel: 64 }).total / 1e9).toFixed(1)
 * );
 * assertEquals(gigabytes, ["120.0", "31.4", "16.6", "1.9"]);
 * ```
 */
export function stateBytes(parameters: number, sharding: Sharding = {}): StateBytes {
  requireAtLeast(parameters, 0, "size training states", "the number of parameters");
  const each = statesEach(sharding);
  const weights = parameters * each.weights;
  const gradients = parameters * each.gradients;
  const optimizer = parameters * each.optimizer;
  return { weights, gradients, optimizer, total: weights + gradients + optimizer };
}

/** How many parameters fit, when states may take so many bytes on each device? */
export function parametersThatFit(capacity: Bytes, sharding: Sharding = {}): number {
  requirePositive(capacity, "find the largest model", "the capacity");
  const { weights, gradients, optimizer } = statesEach(sharding);
  return capacity / (weights + gradients + optimizer);
}

/** Bytes for each parameter on one device. */
function statesEach(
  { stage = 0, dataParallel = 1, states = parameterStates.mixed }: Sharding,
): ParameterStates {
  requireInteger(dataParallel, 1, "size training states", "the data-parallel devices");
  requireInteger(stage, 0, "size training states", "the stage");
  if (stage > 3) {
    throw new RangeError(
      `Cannot size training states as the stage must be 0, 1, 2 or 3: current value is ${stage}`,
    );
  }
  for (const [name, bytes] of Object.entries(states)) {
    requireAtLeast(bytes, 0, "size training states", name);
  }
  return {
    weights: states.weights / (stage >= 3 ? dataParallel : 1),
    gradients: states.gradients / (stage >= 2 ? dataParallel : 1),
    optimizer: states.optimizer / (stage >= 1 ? dataParallel : 1),
  };
}
