import type { DenseFeedForward, ExpertFeedForward, Model } from "../../catalog/mod.ts";

/**
 * The dense model that a mixture is compared with: the same attention, and in place of experts one network with as many
 * parameters as a token passes ("active"), or as there are ("total"). The router's are kept among the extra parameters, so
 * that the counts agree to the last one.
 *
 * @returns The model itself when it has no experts.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { denseTwin } from "@fewer-bytes/experts";
 * import { parameters } from "@fewer-bytes/transformer";
 *
 * const mixture = findModel("deepseek-v3");
 * assertEquals(parameters(denseTwin(mixture, "active")).total, parameters(mixture).active);
 * assertEquals(parameters(denseTwin(mixture, "total")).total, parameters(mixture).total);
 * ```
 */
export function denseTwin(model: Model, size: "active" | "total"): Model {
  const layers = model.layers.map((group) =>
    group.feedForward.kind === "dense" ? group : {
      ...group,
      feedForward: denseNetwork(
        group.feedForward,
        model.hiddenSize,
        size === "active" ? group.feedForward.expertsPerToken : group.feedForward.experts,
      ),
    }
  );
  return { ...model, name: `${model.name}, dense, ${size}`, layers };
}

function denseNetwork(
  network: ExpertFeedForward,
  hiddenSize: number,
  experts: number,
): DenseFeedForward {
  const { intermediateSize, sharedIntermediateSize, gated } = network;
  return {
    kind: "dense",
    intermediateSize: experts * intermediateSize + sharedIntermediateSize,
    gated,
    extraParameters: network.extraParameters + network.experts * hiddenSize +
      experts * network.extraParametersPerExpert,
  };
}
