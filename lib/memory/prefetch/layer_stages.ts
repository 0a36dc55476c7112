import { complete, type Deployment, operatorOptions, stepTime } from "../../roofline/mod.ts";
import { operators, type Step } from "../../transformer/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import { type Tier, tierBandwidth } from "../tiers/tier.ts";
import type { Stage } from "./buffered_schedule.ts";

/** A layer, what it needs from afar, and how long that takes. */
export interface LayerStage extends Stage {
  /** What is loaded, and what the layer reads in all. */
  readonly loaded: Bytes;
  readonly stored: Bytes;
}

/** Rows of the operator table that stand before and after all layers. */
const outer = ["embedding", "final norm", "head"];

/**
 * A step as a chain of stages: layer after layer, then the head. Each computes from the device's own memory, whereto the
 * share of its weights and cache that is not resident is loaded before.
 *
 * @param remote Where it is loaded from.
 * @param resident The share of weights and cache that stays in the device's memory, from 0 to 1.
 * @throws {RangeError} when a value is out of range.
 */
export function layerStages(
  deployment: Deployment,
  step: Step,
  remote: Tier,
  resident: number,
): LayerStage[] {
  if (!(resident >= 0 && resident <= 1)) {
    throw new RangeError(
      `Cannot page layers as the resident share must be from 0 to 1: current value is ${resident}`,
    );
  }
  const full = complete(deployment);
  const rate = tierBandwidth(remote) * full.efficiency.link;
  const stage = (layers: typeof full.model.layers, isOuter: boolean, count: number): LayerStage => {
    const rows = operators({ ...full.model, layers }, step, operatorOptions(full))
      .filter(({ name }) => outer.includes(name) === isOuter);
    const stored = rows.reduce((sum, { bytes }) => sum + bytes.weights + bytes.cache, 0) / count;
    const loaded = (1 - resident) * stored;
    const compute = stepTime(rows, full.hardware, full.efficiency).seconds / count;
    return { load: loaded / rate, compute, loaded, stored };
  };
  return [
    ...full.model.layers.flatMap((group) => {
      const one = stage([group], false, group.count);
      return Array.from({ length: group.count }, () => one);
    }),
    stage([], true, 1),
  ];
}
