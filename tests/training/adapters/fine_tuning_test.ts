import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findModel, hardwareCatalog } from "@fewer-bytes/catalog";
import { fineTuningBytes } from "@fewer-bytes/quantization";
import {
  countAdapters,
  fineTuningFootprint,
  parameterStates,
  trainingFootprint,
  whatFits,
} from "@fewer-bytes/training";
import { parameters } from "@fewer-bytes/transformer";

const batch = { sequences: 1, tokens: 1024 };
const lora = { name: "LoRA", adapters: { rank: 8 } };

Deno.test("full fine-tuning is training on one device", () => {
  const model = findModel("llama-3.2-1b");
  const { total } = fineTuningFootprint(model, { name: "full" }, batch);
  const place = { model, hardware: findHardware("nvidia-h100-sxm"), batch };
  assertAlmostEquals(total, trainingFootprint(place).total, 1);
});

Deno.test("states of adapters are those of the quantization room's account, less the 32-bit copy", () => {
  const model = findModel("llama-2-7b");
  const { frozen, states } = fineTuningFootprint(model, {
    ...lora,
    states: { weights: 2, gradients: 2, optimizer: 8 },
  }, batch);
  const weights = parameters(model).total;
  const { trained } = countAdapters(model, lora.adapters);
  const other = fineTuningBytes({ weights, trained, baseBits: 16 });
  assertAlmostEquals(frozen + states, other.total, 1);
});

Deno.test("four bits make the frozen weights a quarter, and nothing else", () => {
  const model = findModel("llama-2-7b");
  const [wide, narrow] = ["bf16", "int4"].map((frozen) =>
    fineTuningFootprint(model, { ...lora, frozen: frozen as "bf16" | "int4" }, batch)
  );
  assertAlmostEquals(narrow!.frozen, wide!.frozen / 4, 1);
  assertEquals(narrow!.states, wide!.states);
  assertEquals(narrow!.activations, wide!.activations);
});

Deno.test("adapters keep fewer activations than full training, but not much fewer", () => {
  const model = findModel("llama-2-7b");
  const [full, adapted] = [{ name: "full" }, lora].map((method) =>
    fineTuningFootprint(model, method, batch).activations
  );
  assert(adapted! < full! && adapted! > 0.5 * full!);
});

Deno.test("whatever fits in full fits with adapters, on every device of the catalog", () => {
  const models = ["qwen2.5-0.5b", "llama-3.2-3b", "llama-3.1-8b", "llama-3.1-70b"].map(findModel);
  const table = whatFits({
    models,
    hardware: hardwareCatalog,
    methods: [{ name: "full" }, lora, { ...lora, name: "QLoRA", frozen: "int4" }],
    batch,
  }, { recompute: "layers" });
  assertEquals(table.length, 4 * 3 * hardwareCatalog.length);
  const fits = (name: string) => table.filter((row) => row.method.name === name && row.fits).length;
  assert(fits("full") < fits("LoRA") && fits("LoRA") < fits("QLoRA"));
  for (const row of table.filter(({ method, fits }) => method.name === "full" && fits)) {
    assert(
      table.some((other) =>
        other.fits && other.method.name === "LoRA" && other.model === row.model &&
        other.hardware === row.hardware
      ),
    );
  }
});

Deno.test("the default states are mixed precision", () => {
  const model = findModel("gpt2");
  const states = parameterStates.mixed;
  assertEquals(
    fineTuningFootprint(model, { name: "full" }, batch),
    fineTuningFootprint(model, { name: "full", states }, batch),
  );
});
