import { type Einsum, einsum } from "./einsum.ts";

/**
 * Attention written as cascades of Einsums: the same function, in orders that need three passes over the keys, two, or one.
 *
 * Q has ranks e, p (queries), K has e, m (keys), V has f, m. Where keys are cut into blocks, m is m1 (blocks), m0 (within).
 *
 * Source: Nayak et al., "FuseMax: Leveraging Extended Einsums to Optimize Attention Accelerator Design" (2024).
 *
 * @module
 */

/** One way to write attention. */
export interface AttentionCascade {
  readonly name: string;
  readonly einsums: readonly Einsum[];
  /** The rank along which the keys pass: `m`, or `m1` where they are cut into blocks. */
  readonly keyRank: "m" | "m1";
  /** What running tensors hold in the beginning, where that is not 0. */
  readonly initial: Readonly<Record<string, number>>;
}

const times = (...factors: number[]) => factors.reduce((a, b) => a * b, 1);
const same = (x: number) => x;
const expOfDifference = (x: number, y: number) => Math.exp(x - y);
const ratio = (x: number, y: number) => x / y;

const scores = einsum("QK[m,p]", ["Q[e,p]", "K[e,m]"], times);
const globalMaximum = einsum("GM[p]", ["QK[m,p]"], same, "largest");
const numerator = einsum("SN[m,p]", ["QK[m,p]", "GM[p]"], expOfDifference);
const denominator = einsum("SD[p]", ["SN[m,p]"], same);

const blockScores = einsum("QK[m1,m0,p]", ["Q[e,p]", "K[e,m1,m0]"], times);
const localMaximum = einsum("LM[m1,p]", ["QK[m1,m0,p]"], same, "largest");

/** As libraries compute it: maximum; exponentials and their sum; division and the values. */
export const threePassCascade: AttentionCascade = {
  name: "three passes",
  keyRank: "m",
  initial: {},
  einsums: [
    scores,
    globalMaximum,
    numerator,
    denominator,
    einsum("A[m,p]", ["SN[m,p]", "SD[p]"], ratio),
    einsum("AV[f,p]", ["A[m,p]", "V[f,m]"], times),
  ],
};

/** Dividing the result and not each weight: nothing but the maximum must be known before the values pass. */
export const deferredDivisionCascade: AttentionCascade = {
  name: "two passes, division deferred",
  keyRank: "m",
  initial: {},
  einsums: [
    scores,
    globalMaximum,
    numerator,
    denominator,
    einsum("SNV[f,p]", ["SN[m,p]", "V[f,m]"], times),
    einsum("AV[f,p]", ["SNV[f,p]", "SD[p]"], ratio),
  ],
};

/** Exponentials relative to the maximum of their own block, corrected when the largest of all is known. */
export const localMaximaCascade: AttentionCascade = {
  name: "two passes, local maxima",
  keyRank: "m1",
  initial: {},
  einsums: [
    blockScores,
    localMaximum,
    einsum("SLN[m1,m0,p]", ["QK[m1,m0,p]", "LM[m1,p]"], expOfDifference),
    einsum("SLD[m1,p]", ["SLN[m1,m0,p]"], same),
    einsum("GM[p]", ["LM[m1,p]"], same, "largest"),
    einsum("PLM[m1,p]", ["LM[m1,p]", "GM[p]"], expOfDifference),
    einsum("SD[p]", ["SLD[m1,p]", "PLM[m1,p]"], times),
    einsum("SNV[f,p]", ["SLN[m1,m0,p]", "PLM[m1,p]", "V[f,m1,m0]"], times),
    einsum("AV[f,p]", ["SNV[f,p]", "SD[p]"], ratio),
  ],
};

/** FlashAttention: maximum, sum and values run along, each corrected whenever the maximum grows. */
export const onePassCascade: AttentionCascade = {
  name: "one pass",
  keyRank: "m1",
  initial: { RM: -Infinity },
  einsums: [
    blockScores,
    localMaximum,
    einsum("RM[m1+1,p]", ["RM[m1,p]", "LM[m1,p]"], Math.max),
    einsum("SLN[m1,m0,p]", ["QK[m1,m0,p]", "RM[m1+1,p]"], expOfDifference),
    einsum("PRM[m1,p]", ["RM[m1,p]", "RM[m1+1,p]"], expOfDifference),
    einsum("SLD[m1,p]", ["SLN[m1,m0,p]"], same),
    einsum("RD[m1+1,p]", ["PRM[m1,p]", "RD[m1,p]", "SLD[m1,p]"], (a, b, c) => a! * b! + c!),
    einsum("SLNV[m1,f,p]", ["SLN[m1,m0,p]", "V[f,m1,m0]"], times),
    einsum(
      "RNV[m1+1,f,p]",
      ["PRM[m1,p]", "RNV[m1,f,p]", "SLNV[m1,f,p]"],
      (a, b, c) => a! * b! + c!,
    ),
    einsum("AV[f,p]", ["RNV[M1,f,p]", "RD[M1,p]"], ratio),
  ],
};

/** All of them. */
export const attentionCascades: readonly AttentionCascade[] = [
  threePassCascade,
  deferredDivisionCascade,
  localMaximaCascade,
  onePassCascade,
];
