import { weightBytes } from "@fewer-bytes/roofline";
import { findModel } from "@fewer-bytes/catalog";
import { parameters } from "@fewer-bytes/transformer";
import { expectNumber } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

const llama = parameters(findModel("llama-3.1-8b")).total;

export const sizeOfWeights = defineExercise({
  id: "00.1",
  title: "How large are the weights?",
  points: 5,
  name: "sizeOfWeights",
  stub: `/** Bytes that a model's weights take, when each parameter takes a number of bits. */
function sizeOfWeights(parameters: number, bits: number): number {
  return NaN; // your turn
}`,
  hints: [
    "A byte has eight bits.",
    "bytes = parameters × bits / 8",
    "```ts\nfunction sizeOfWeights(parameters: number, bits: number): number {\n  return parameters * bits / 8;\n}\n```",
  ],
  reference: (parameters: number, bits: number): number => parameters * bits / 8,
  checks: [
    {
      name: "gives 16.1 GB for Llama-3.1-8B at 16 bits, as the library does",
      run: async (size) =>
        expectNumber(await size(llama, 16), weightBytes(findModel("llama-3.1-8b")), { unit: "B" }),
    },
    {
      name: "gives half a byte for each parameter at 4 bits",
      run: async (size) => expectNumber(await size(70e9, 4), 35e9, { unit: "B" }),
    },
  ],
  mistakes: [
    { title: "answers in bits", answer: (parameters, bits) => parameters * bits, caught: /bits/ },
    { title: "always takes two bytes", answer: (parameters) => 2 * parameters, caught: "35" },
    {
      title: "divides twice",
      answer: (parameters, bits) => parameters * bits / 64,
      caught: /8 times/,
    },
  ],
});
