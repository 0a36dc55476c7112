/**
 * The physical quantities of the course. All are plain numbers in SI base units, so that arithmetic stays arithmetic;
 * the names say which unit a number is in.
 *
 * @module
 */

/** Bytes of 8 bits. */
export type Bytes = number;
/** Bytes moved in one second. */
export type BytesPerSecond = number;
/** Floating point operations (or integer ones); a multiply-add counts as two. */
export type Flop = number;
/** Operations in one second. */
export type FlopPerSecond = number;
/** Operations done for each byte moved: the arithmetic intensity. */
export type FlopPerByte = number;
/** Seconds. */
export type Seconds = number;
/** Joules of energy. */
export type Joules = number;
/** Watts of power. */
export type Watts = number;
/** A count of tokens. Expected values need not be whole. */
export type Tokens = number;
/** Tokens produced in one second. */
export type TokensPerSecond = number;
