import { findHardware, findModel } from "@fewer-bytes/catalog";
import { estimate, stepTime } from "@fewer-bytes/roofline";
import { operators } from "@fewer-bytes/transformer";

const model = findModel("llama-3.1-70b");
const hardware = findHardware("nvidia-h100-sxm");

let context = 0; // changes with every call, so that nothing can be remembered
Deno.bench("operator table and time of one decode step, Llama-3.1-70B on 8 H100", () => {
  context = (context + 1) % 8192;
  stepTime(
    operators(model, { phase: "decode", batch: 16, newTokens: 1, context }, { devices: 8 }),
    hardware,
  );
});

Deno.bench(
  "whole estimate, Llama-3.1-70B on 8 H100: prefill, answer, footprint, largest batch",
  () => {
    context = (context + 1) % 8192;
    estimate({ model, hardware, devices: 8 }, {
      promptTokens: 1 + context,
      outputTokens: 256,
      batch: 16,
    });
  },
);
