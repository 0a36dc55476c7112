import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  stateBytes,
  stateBytesFormula,
  stateSpaceParameters,
  stateSpaceProjections,
} from "@fewer-bytes/attention";

const mamba = { hiddenSize: 1536, innerSize: 3072, stateSize: 16, convolution: 4, stepRank: 96 };
const mamba2 = { hiddenSize: 1536, innerSize: 3072, stateSize: 128, convolution: 4, heads: 48 };

Deno.test("stateSpaceParameters() adds up the tensors of one layer as the published code makes them", () => {
  // Of Mamba: in_proj, conv1d with bias, x_proj, dt_proj with bias, A_log, D, out_proj.
  assertEquals(
    stateSpaceParameters(mamba),
    1536 * 6144 + 3072 * 4 + 3072 + 3072 * (96 + 32) + 96 * 3072 + 3072 + 3072 * 16 + 3072 +
      3072 * 1536,
  );
  // Of Mamba-2: in_proj, conv1d with bias, dt_bias, A_log and D of each head, norm, out_proj.
  assertEquals(
    stateSpaceParameters(mamba2),
    1536 * (2 * 3072 + 2 * 128 + 48) + (3072 + 256) * 5 + 3 * 48 + 3072 + 3072 * 1536,
  );
});

Deno.test("stateBytes() is what the published code allocates for a sequence, and what the printed formula computes", () => {
  // allocate_inference_cache of Mamba: states [3072, 16] and convolution [3072, 4]; of Mamba-2: [48, 64, 128], [3328, 4].
  assertEquals(stateBytes(mamba), 2 * (3072 * 16 + 3072 * 4));
  assertEquals(stateBytes(mamba2), 2 * (48 * 64 * 128 + 3328 * 4));
  const size = fc.integer({ min: 1, max: 4096 });
  fc.assert(fc.property(size, size, fc.integer({ min: 1, max: 8 }), (channels, states, taps) => {
    const layer = { ...mamba, innerSize: channels, stateSize: states, convolution: taps };
    const printed = { channels, states, convolved: channels, taps, size: 4 };
    assertEquals(stateBytes(layer, "fp32"), stateBytesFormula.evaluate(printed));
  }));
});

Deno.test("a layer must be a Mamba or a Mamba-2", () => {
  const { stepRank: _, ...neither } = mamba;
  assertThrows(() => stateSpaceProjections(neither), TypeError, "stepRank or heads");
  assertThrows(() => stateSpaceProjections({ ...mamba, heads: 48 }), TypeError, "96 and 48");
});
