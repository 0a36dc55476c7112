import { Matrix } from "@fewer-bytes/numeric";

/*
 * Made with PyTorch 2.13 in float64: scaled_dot_product_attention(Q, K, V, is_causal=True), its gradients for the output
 * gradient G by autograd, and torch.logsumexp of the masked scores.
 */
const grid = (rows: number, columns: number, value: (i: number, x: number) => number) =>
  Matrix.from(
    Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, x) => value(i, x))),
  );

/** What was given. */
export const goldenInputs = {
  queries: grid(5, 4, (i, x) => ((i * 7 + x * 3) % 11 - 5) / 4),
  keys: grid(5, 4, (i, x) => ((i * 5 + x * 2) % 13 - 6) / 4),
  values: grid(5, 3, (i, x) => ((i * 3 + x * 4) % 7 - 3) / 2),
};

/** How a loss changes with each output. */
export const goldenOutputGradient = grid(5, 3, (i, x) => ((i * 2 + x * 5) % 9 - 4) / 3);

/** What came out. */
export const golden = {
  output: [
    [-1.5, 0.5, -1.0],
    [-0.522968, -0.80271, -0.022968],
    [-0.155618, -0.302679, -0.645449],
    [-0.01142, -0.121794, -0.339398],
    [0.902003, -0.020667, -0.798665],
  ].flat(),
  logSumExp: [1.125, 0.241201, 0.950484, 1.222783, 2.057752],
  queries: [
    [0.0, 0.0, 0.0, 0.0],
    [-0.496763, -0.496763, -0.496763, -0.496763],
    [0.165436, 0.165436, 0.48181, 0.48181],
    [0.273929, 0.273929, 0.363954, 0.363954],
    [0.831989, 0.831989, -0.938114, -0.347771],
  ].flat(),
  keys: [
    [0.066536, 0.448398, -0.406751, 0.129885],
    [0.011895, -0.778626, 0.746099, -0.054168],
    [0.15021, 0.541086, -0.641993, -0.059591],
    [-0.18323, -0.029213, 0.121001, -0.061538],
    [-0.045411, -0.181644, 0.181644, 0.045411],
  ].flat(),
  values: [
    [-1.343963, 0.05474, -0.929582],
    [-0.080003, -0.033761, 0.149525],
    [0.99606, -0.534788, -0.507515],
    [0.262825, -0.152858, 0.119319],
    [0.165081, 0.0, -0.165081],
  ].flat(),
};
