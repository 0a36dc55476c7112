import { rotateRows } from "../attention/mod.ts";
import {
  affineFormat,
  axisError,
  blockFloat,
  channelOutlier,
  ChannelRows,
  distanceFromBound,
  keyOrder,
  kivi,
  mixtureError,
  outlierKeys,
  relativeError,
  sphereGap,
  turboQuant,
  turboQuantFactor,
  waterFilling,
} from "../cache/mod.ts";
import { bytesPerValue } from "../catalog/mod.ts";
import { type Floats, Matrix, seeded } from "../numeric/mod.ts";
import {
  blockFloatingPoint,
  channelPeaks,
  gaussianDistortions,
  permuteOutputs,
  spaceFillingLoss,
  wastedBits,
} from "../quantization/mod.ts";
import { cacheBytes } from "../transformer/mod.ts";
import { type Derivation, derive } from "./derivation.ts";
import { shown } from "./measures.ts";
import { gaussian } from "./outlier_layer.ts";

const [tokens, channels] = [64, 32];
const grid = { bits: 2, groupSize: 32 };
const keysWords =
  `${tokens} keys of ${channels} channels, 2 of which are 20 deviations from zero for every token`;

/** Chapter 08, fewer bits: KIVI, TurboQuant and what bounds it, block floating point. */
export const chapter08Bits: readonly Derivation[] = [
  derive("c-kivi-keys-per-channel", {
    assumptions: [`${keysWords}; 2-bit codes in groups of 32, so at the same bytes`],
    by: [axisError, outlierKeys],
    relation: "at least",
    proxy: {
      computes: "squared error with a scale for each token over that with one for each channel",
      unit: "x",
      threshold: 2,
    },
    derived: () => {
      const { token, channel } = axisError(keysWithOutliers(), grid);
      return token / channel;
    },
  }),
  derive("c-kivi-values-per-token", {
    assumptions: [
      "Gaussian values without loud channels, of which every eighth token is four times louder; 2-bit codes in groups of 32",
      "attention that looks at one token, averaged over the tokens; where tokens are equally loud both ways are equal",
    ],
    by: [mixtureError, affineFormat, ChannelRows],
    relation: "at least",
    proxy: {
      computes:
        "error of what attention returns, with a scale for each channel over that with one for each token",
      unit: "x",
      threshold: 1.5,
    },
    derived: () => valuesRatio ??= channelOverToken(),
  }),
  derive("c-kivi-2bit", {
    assumptions: [
      "KIVI's groups of 32 values, each with a 16-bit scale and a 16-bit minimum; the window of recent tokens adds to it",
      "how little quality is lost is a finding on trained models; the course's own needs other choices",
    ],
    by: [kivi, bytesPerValue],
    derived: () => 8 * bytesPerValue(kivi(2).storage!),
    otherwise: {
      condition: "the codes alone are counted",
      derived: () => {
        const { storage } = kivi(2);
        return 8 * bytesPerValue(typeof storage === "object" ? storage.format : storage!);
      },
    },
  }),
  derive("c-kivi-rope-causes-outliers", {
    assumptions: () => [
      `${tokens} Gaussian keys of ${channels} channels without any outlier, for which rotation makes none`,
      `where channels are loud before it, rotation spreads them: those with at least a fifth of the loudest one's peak grow from ${
        loudChannels(keysWithOutliers())
      } to ${loudChannels(rotateRows(keysWithOutliers()))}`,
    ],
    by: [channelOutlier, rotateRows],
    relation: "at least",
    proxy: {
      computes: "loudest channel over the middle one after the rotation, over the same before it",
      unit: "x",
      threshold: 2,
    },
    derived: () => {
      const keys = gaussian(tokens, channels, seeded(8));
      return channelOutlier(rotateRows(keys)) / channelOutlier(keys);
    },
  }),
  derive("c-rate-distortion-gaussian", {
    assumptions: [
      "one channel of variance 7 and 3.3 bits, whose error is searched for as the level at which the bits are spent",
    ],
    by: [waterFilling],
    proxy: { computes: "the least error over that of the formula", unit: "x", threshold: 1 },
    derived: () => waterFilling([7], 3.3).distortion / (7 * 2 ** (-2 * 3.3)),
  }),
  derive("c-ecsq-gap-0-254", {
    assumptions: () => [
      "codes of one length, as caches have them, with the best levels for four bits",
      `they lose ${
        [1, 2, 3].map((bits) => wastedBits(bits, gaussianDistortions(bits).fixedRate).toFixed(3))
          .join(", ")
      } bits at 1, 2 and 3 bits, and tend to ${(Math.log2(turboQuantFactor) / 2).toFixed(3)}`,
      'nor is it "exactly" 0.254, since the number that it tends to is 0.2546',
    ],
    by: [gaussianDistortions, wastedBits],
    derived: () => wastedBits(4, gaussianDistortions(4).fixedRate),
    otherwise: {
      condition: "codewords are as short as their cells are likely, and bits are many",
      derived: () => spaceFillingLoss,
    },
  }),
  derive("c-turboquant-gaussianises", {
    assumptions: () => [
      'a head of 128 channels, as large models have; "perfectly" is read as it is written',
      `the gap halves when the dimension doubles: ${
        sphereGap(64).toFixed(4)
      } at 64; it is small, and never zero`,
    ],
    by: [sphereGap],
    relation: "at most",
    proxy: {
      computes: "largest gap between the law of a coordinate and the Gaussian one",
      unit: "of the probability",
      threshold: 0,
    },
    derived: () => sphereGap(128),
  }),
  derive("c-turboquant-hits-bound", {
    assumptions: () => [
      "200 random directions of 64 channels at four bits, the length that is stored beside them left out",
      `the distance is proven to be at most ${shown(turboQuantFactor, 2)}, and it tends to that`,
    ],
    by: [distanceFromBound, turboQuant],
    derived: () =>
      distance ??= distanceFromBound(gaussian(200, 64, seeded(8)), turboQuant(4, 64), 4),
  }),
  derive("c-turboquant-no-calibration", {
    assumptions: [
      "the format is given bits and a dimension, and no data; of 50 vectors, those are counted that come back otherwise once it has stored 50 others",
    ],
    by: [turboQuant],
    derived: () => {
      const [fresh, used] = [turboQuant(3, 32), turboQuant(3, 32)];
      const before = gaussian(50, 32, seeded(1)).map((value) => 30 * value);
      for (let row = 0; row < 50; row++) used.roundTrip(before.row(row));
      const vectors = gaussian(50, 32, seeded(2));
      let differing = 0;
      for (let row = 0; row < 50; row++) {
        const [one, other] = [fresh, used].map(({ roundTrip }) => roundTrip(vectors.row(row)));
        if (one!.some((value, i) => value !== other![i])) differing++;
      }
      return differing;
    },
  }),
  derive("d-bfp-2x-savings", {
    assumptions: [
      "whole numbers of 8 bits with an exponent of 8 bits for each 32, against 16 bits",
      "that accuracy suffers little is a finding on trained models",
    ],
    by: [blockFloat, cacheBytes],
    derived: ({ model }) => {
      const llama = model("llama-2-7b");
      return cacheBytes(llama, 1000) / cacheBytes(llama, 1000, { method: blockFloat(8) });
    },
  }),
  derive("d-bfp-rearrange-free", {
    assumptions: [
      "a query and a key matrix of 16 channels with whole numbers, so that no sum is rounded, whose rows are reordered once",
      "the time for one operation on each score that differs from what it was, and on each weight that was added, on H100",
      "keys that rotary positions turn together stay together; their angles are reordered with them",
    ],
    by: [keyOrder, permuteOutputs],
    derived: ({ hardware }) => {
      const [queries, keys] = [wholeNumbers(1), wholeNumbers(2)];
      const order = keyOrder(Array.from({ length: 16 }, (_, i) => (7 * i) % 16), 16);
      const [ordered, alike] = [permuteOutputs(queries, order), permuteOutputs(keys, order)];
      const before = scores(queries, keys), after = scores(ordered, alike);
      const differing = before.filter((score, i) => score !== after[i]).length;
      const added = ordered.data.length + alike.data.length - queries.data.length -
        keys.data.length;
      return (differing + added) / hardware("nvidia-h100-sxm").peak.bf16!;
    },
  }),
  derive("d-bfp-outliers-hurt-block", {
    assumptions: [
      "blocks of 16 Gaussian values with one exponent and 4 bits each; in the other case one of them is 20 times larger",
      "the error of the fifteen others, whose own size is the same in both cases",
    ],
    by: [blockFloatingPoint, relativeError],
    relation: "at least",
    proxy: {
      computes: "squared error of a block's other values with a large one over that without",
      unit: "x",
      threshold: 2,
    },
    derived: () => {
      const plain = gaussian(64, 16, seeded(3));
      const loud = plain.map((value, i) => i % 16 === 0 ? 20 * Math.sign(value) : value);
      const others = (values: Float32Array) => values.filter((_, i) => i % 16 !== 0);
      const error = ({ data }: Matrix<Float32Array>) =>
        relativeError(others(data), others(blockFloatingPoint(4, 16).roundTrip(data)));
      return error(loud) / error(plain);
    },
  }),
];

let valuesRatio: number | undefined;
let distance: number | undefined;

function keysWithOutliers() {
  return outlierKeys({ tokens, channels, random: seeded(8) });
}

/** Channels whose peak is at least a fifth of the loudest one's. */
function loudChannels(keys: Matrix<Floats>): number {
  const peaks = channelPeaks(keys);
  const loudest = Math.max(...peaks);
  return peaks.filter((peak) => peak >= loudest / 5).length;
}

/** How much worse a scale for each channel is for attention that looks at one token, on average over the tokens. */
function channelOverToken(): number {
  const values = gaussian(tokens, channels, seeded(9)).map((value, i) =>
    Math.floor(i / channels) % 8 === 0 ? 4 * value : value
  );
  const perToken = affineFormat(grid.bits, grid.groupSize).roundTrip(values.data);
  const perChannel = new ChannelRows(channels, grid);
  for (let token = 0; token < tokens; token++) perChannel.append(values.row(token));
  const error = (back: Float32Array) => {
    let sum = 0;
    for (let token = 0; token < tokens; token++) {
      const shares = Array.from({ length: tokens }, (_, other) => other === token ? 1 : 0);
      sum += mixtureError(shares, values, back);
    }
    return sum;
  };
  return error(perChannel.rows) / error(perToken);
}

/** A matrix of 16 × 16 whole numbers from −3 to 3. */
function wholeNumbers(seed: number) {
  const random = seeded(seed);
  const data = Float32Array.from({ length: 256 }, () => random.integer(7) - 3);
  return { name: "w", outputs: 16, inputs: 16, data };
}

/** What every query of a unit vector scores with every key of one: the product of both matrices. */
function scores(queries: { data: Float32Array }, keys: { data: Float32Array }): Float64Array {
  const turned = new Matrix(16, 16, Float64Array.from(queries.data)).transpose();
  return turned.multiply(new Matrix(16, 16, Float64Array.from(keys.data))).data;
}
