/** The factors that a slip of units or counting leaves behind, and the question to ask. */
const FACTORS: readonly { factor: number; question: string }[] = [
  {
    factor: 2,
    question: "is one of a pair counted twice or left out: keys and values, multiply and add?",
  },
  { factor: 8, question: "are bits and bytes mixed up?" },
  { factor: 100, question: "are a fraction and a percentage mixed up?" },
  ...["kB and KiB", "MB and MiB", "GB and GiB", "TB and TiB"].map((pair, index) => ({
    factor: 1.024 ** (index + 1),
    question: `are ${pair} mixed up?`,
  })),
  ...[1, 2, 3, 4, 5].flatMap((power) => [
    { factor: 1000 ** power, question: "is a prefix off: k, M, G, T, P?" },
    { factor: 1024 ** power, question: "is a binary prefix off: Ki, Mi, Gi, Ti, Pi?" },
  ]),
];

/**
 * Recognizes why a number is off: by 8 (bits for bytes), by 1.024³ (GB for GiB), upside down, the wrong sign.
 *
 * @param tolerance How far the expected value itself may be off, relatively: a factor is met that exactly.
 * @returns A few words, or nothing when the factor is none of the usual ones.
 */
export function explainRatio(actual: number, expected: number, tolerance = 0): string | undefined {
  if (actual === 0 || expected === 0 || !Number.isFinite(actual) || !Number.isFinite(expected)) {
    return undefined;
  }
  const ratio = actual / expected;
  // Never so loosely that the factor of kB and KiB, 1.024, could be met by chance.
  const exactness = Math.min(Math.max(tolerance, 1e-6), 2e-3);
  const near = (value: number, target: number) => Math.abs(value / target - 1) <= exactness;
  if (near(ratio, -1)) return "your value has the wrong sign";
  if (near(actual * expected, 1)) {
    return "your value is 1 divided by the expected one: is the fraction upside down?";
  }
  for (const { factor, question } of FACTORS) {
    const times = Number(factor.toPrecision(5));
    if (near(ratio, factor)) return `your value is ${times} times too large: ${question}`;
    if (near(ratio, 1 / factor)) return `your value is ${times} times too small: ${question}`;
  }
  if (ratio >= 2) return `your value is about ${Number(ratio.toPrecision(2))} times too large`;
  if (ratio > 0 && ratio <= 0.5) {
    return `your value is about ${Number((1 / ratio).toPrecision(2))} times too small`;
  }
  return undefined;
}
