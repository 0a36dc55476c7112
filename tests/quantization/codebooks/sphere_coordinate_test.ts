import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { gaussianDensity, sphereCoordinateDensity } from "@fewer-bytes/quantization";

/** Σ f(x) · density over [−1, 1], by the midpoint rule in the angle, which is smooth up to the ends. */
function integrate(density: (x: number) => number, f: (x: number) => number, upTo = 1): number {
  const steps = 20_000;
  const from = -Math.PI / 2;
  const width = (Math.asin(upTo) - from) / steps;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const angle = from + (i + 0.5) * width;
    sum += density(Math.sin(angle)) * f(Math.sin(angle)) * Math.cos(angle) * width;
  }
  return sum;
}

Deno.test("sphereCoordinateDensity() has mass 1 and variance 1/d", () => {
  for (const dimension of [2, 3, 5, 64, 1000]) {
    const density = sphereCoordinateDensity(dimension);
    assertAlmostEquals(integrate(density, () => 1), 1, 1e-8);
    assertAlmostEquals(dimension * integrate(density, (x) => x * x), 1, 1e-7);
  }
});

Deno.test("sphereCoordinateDensity() is the arcsine law in the plane, and flat in space", () => {
  for (const x of [-0.9, 0, 0.3]) {
    assertAlmostEquals(sphereCoordinateDensity(2)(x), 1 / (Math.PI * Math.sqrt(1 - x * x)), 1e-10);
    assertAlmostEquals(sphereCoordinateDensity(3)(x), 0.5, 1e-10);
  }
  assertEquals(sphereCoordinateDensity(5)(1.01), 0);
});

Deno.test("sphereCoordinateDensity() is what random directions show: Kolmogorov–Smirnov below its 99.9 % point", () => {
  const random = seeded(17);
  for (const dimension of [2, 4, 16]) {
    const count = 4000;
    const coordinates = Array.from({ length: count }, () => {
      const vector = Array.from({ length: dimension }, () => random.normal());
      return vector[0]! / Math.hypot(...vector);
    }).sort((a, b) => a - b);
    let farthest = 0;
    for (let i = 0; i < count; i += 100) {
      const share = integrate(sphereCoordinateDensity(dimension), () => 1, coordinates[i]!);
      farthest = Math.max(farthest, Math.abs(share - i / count));
    }
    assert(farthest < 1.95 / Math.sqrt(count), `${dimension}: ${farthest}`);
  }
});

Deno.test("sphereCoordinateDensity() tends to the Gaussian law of variance 1/d, and is not it", () => {
  const gap = (dimension: number) => {
    const root = Math.sqrt(dimension);
    const places = Array.from({ length: 41 }, (_, i) => (i - 20) / 5);
    return Math.max(
      ...places.map((z) =>
        Math.abs(sphereCoordinateDensity(dimension)(z / root) / root - gaussianDensity(z))
      ),
    );
  };
  assert(gap(8) > 0.02 && gap(64) < gap(8) / 7 && gap(512) < gap(64) / 7);
});

Deno.test("sphereCoordinateDensity() refuses a dimension below 2", () => {
  for (const dimension of [1, 2.5, NaN]) {
    assertThrows(() => sphereCoordinateDensity(dimension), RangeError, "dimension");
  }
});
