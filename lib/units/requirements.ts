/**
 * Refuses what is not a finite number of at least `minimum`. The public boundary of the library calls it, so that a NaN
 * is caught where it enters and not three rooms later.
 *
 * @param action What was attempted, as in "compute the ridge point".
 * @throws {TypeError} when the value is no number.
 * @throws {RangeError} when it is NaN, infinite or too small.
 */
export function requireAtLeast(
  value: number,
  minimum: number,
  action: string,
  name: string,
): number {
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot ${action} as ${name} must be a number: current value is ${
        JSON.stringify(value) ?? value
      }`,
    );
  }
  if (!Number.isFinite(value) || value < minimum) {
    throw new RangeError(
      `Cannot ${action} as ${name} must be a finite number >= ${minimum}: current value is ${value}`,
    );
  }
  return value;
}

/** Refuses what is not a finite number above zero. */
export function requirePositive(value: number, action: string, name: string): number {
  requireAtLeast(value, 0, action, name);
  if (value === 0) {
    throw new RangeError(`Cannot ${action} as ${name} must be > 0: current value is 0`);
  }
  return value;
}

/** Refuses what is not a whole number of at least `minimum`. */
export function requireInteger(
  value: number,
  minimum: number,
  action: string,
  name: string,
): number {
  requireAtLeast(value, minimum, action, name);
  if (!Number.isInteger(value)) {
    throw new RangeError(
      `Cannot ${action} as ${name} must be a whole number: current value is ${value}`,
    );
  }
  return value;
}
