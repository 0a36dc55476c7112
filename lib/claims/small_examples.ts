/** Small values on which functions show that they work, shared by the chapters. */
import { randomLatentAttention } from "../attention/mod.ts";
import { findHardware, findModel } from "../catalog/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import { toBitPlanes } from "../quantization/mod.ts";

export const qwen3 = findModel("qwen3-8b");
export const weights = new Matrix(1, 4, Float32Array.of(7, -3.4, 0.5, 0));
export const planes = toBitPlanes([3, -1, 0, 2], 4, 3, "twosComplement");
export const tokens = Matrix.from(
  [1, 2, 3, 4].map((token) => [1, 2, 3, 4].map((i) => Math.sin(token * i))),
);
export const rows = Matrix.zeros(4, 4).map((_, i) => Math.sin(i));
export const oneHead = { queries: rows, keys: rows, values: rows };
export const latent = randomLatentAttention({
  hiddenSize: 4,
  heads: 2,
  keyValueRank: 2,
  rotaryDimension: 2,
  keyDimension: 2,
  valueDimension: 2,
}, seeded(1));
export const decode = { phase: "decode", batch: 1, newTokens: 1, context: 4096 } as const;
export const onH100 = (name: string) => ({
  model: findModel(name),
  hardware: findHardware("nvidia-h100-sxm"),
});
