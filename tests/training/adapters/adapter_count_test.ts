import { assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { adapterParameters } from "@fewer-bytes/quantization";
import { countAdapters } from "@fewer-bytes/training";

// LoRA (Hu et al. 2021), table 4: GPT-3, r_q = r_v = 1 is 4.7 M, 8 with rank 8 is 37.7 M; all four matrices with rank 2 is 18.9 M.
Deno.test("countAdapters() is the paper's number of trained parameters of GPT-3", () => {
  const count = (rank: number, matrices?: string[]) =>
    countAdapters(findModel("gpt-3-175b"), { rank, ...(matrices && { matrices }) }).trained / 1e6;
  assertEquals(count(1).toFixed(1), "4.7");
  assertEquals(count(8).toFixed(1), "37.7");
  assertEquals(count(2, ["queries", "keys", "values", "output"]).toFixed(1), "18.9");
});

Deno.test("grouped keys and values have smaller adapters, and each expert its own", () => {
  const llama = countAdapters(findModel("llama-3.1-8b"), { rank: 16, matrices: ["keys"] });
  assertEquals(llama.trained, 32 * adapterParameters(1024, 4096, 16));
  const mixtral = countAdapters(findModel("mixtral-8x7b"), { rank: 4, matrices: ["up"] });
  assertEquals(mixtral.trained, 32 * 8 * adapterParameters(14336, 4096, 4));
  assertEquals([mixtral.adapters, mixtral.inner], [32 * 8, 32 * 2 * 4]);
});

Deno.test("a share of r(m + n)/mn is trained: 0.39 % for rank 8 and width 4096", () => {
  assertEquals((adapterParameters(4096, 4096, 8) / 4096 ** 2 * 100).toFixed(2), "0.39");
});

Deno.test("unknown matrices and ranks are refused", () => {
  const model = findModel("gpt2");
  assertThrows(() => countAdapters(model, { rank: 0 }), RangeError, "the rank");
  assertThrows(() => countAdapters(model, { rank: 1, matrices: [] }), RangeError, "each matrix");
  assertThrows(
    () => countAdapters(model, { rank: 1, matrices: ["queries", "gate"] }),
    RangeError,
    'current value is "gate"',
  );
});
