/** The 65,536 values of a 16-bit float (1 sign, 5 exponent, 10 fraction bits), as 32-bit floats. */
const halves = Float32Array.from({ length: 65536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1 + fraction) * 2 ** (exponent - 15) : fraction * 2 ** -14);
});

/** Turns the bits of a 16-bit float (IEEE 754 binary16) into a number. */
export function fromHalf(bits: number): number {
  return halves[bits]!;
}

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** Turns the bits of a bfloat16, the upper half of a 32-bit float, into a number. */
export function fromBrain(bits: number): number {
  word[0] = bits << 16;
  return float[0]!;
}
