import type { ExpertFeedForward, Layers } from "../../catalog/mod.ts";
import type { Keep, Kernel } from "./keep_attention.ts";

/** What a feed-forward network keeps: its inputs, and what its activation function was given. */
export function keepFeedForward(
  keep: Keep,
  { feedForward: network }: Layers,
  hiddenSize: number,
  { devices, trained }: Kernel,
): void {
  const wide = network.gated ? 2 : 1;
  if (network.kind === "experts") return keepExperts(keep, network, hiddenSize, devices, trained);
  const width = network.intermediateSize / devices;
  if (trained("up") || trained("gate")) keep("feed-forward up", "input", { shared: hiddenSize });
  keep("activation function", "inputs of the activation function", { own: wide * width });
  if (trained("down")) keep("feed-forward down", "input", { own: width });
}

function keepExperts(
  keep: Keep,
  network: ExpertFeedForward,
  hiddenSize: number,
  devices: number,
  trained: (matrix: string) => boolean,
): void {
  const { experts, expertsPerToken, sharedIntermediateSize, gated } = network;
  const wide = gated ? 2 : 1;
  const width = expertsPerToken * network.intermediateSize / devices;
  keep("router", "input", { shared: hiddenSize });
  keep("router", "probabilities", { shared: experts, size: 4 });
  if (trained("up") || trained("gate")) {
    keep("experts", "copies of the input", { shared: expertsPerToken * hiddenSize });
  }
  keep("experts", "inputs of the activation function", { own: wide * width });
  if (trained("down")) keep("experts", "input of the way down", { own: width });
  keep("experts", "outputs, to be weighed", { shared: expertsPerToken * hiddenSize });
  const extra = sharedIntermediateSize / devices;
  keep("shared experts", "inputs of the activation function", { own: wide * extra });
  if (trained("down")) keep("shared experts", "input of the way down", { own: extra });
}
