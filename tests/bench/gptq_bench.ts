import { Matrix, seeded } from "@fewer-bytes/numeric";
import { gptq, hessian, inputStatistics } from "@fewer-bytes/quantization";

const size = 512;
const random = seeded(1);
const normal = (rows: number) =>
  new Matrix<Float32Array>(
    rows,
    size,
    Float32Array.from({ length: rows * size }, () => random.normal()),
  );
const weights = normal(size);
const curvature = hessian(inputStatistics(normal(1024)));

for (const actOrder of [false, true]) {
  Deno.bench(
    `GPTQ of a 512 x 512 layer, 4 bits, groups of 64${actOrder ? ", act-order" : ""}`,
    () => {
      gptq(weights, curvature, { bits: 4, groupSize: 64, actOrder });
    },
  );
}
