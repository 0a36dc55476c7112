import { assertAlmostEquals } from "@std/assert";
import { parameters } from "@fewer-bytes/transformer";
import { studiedModels } from "@fewer-bytes/training";

Deno.test("the studied GPTs have the parameters that their names say", () => {
  const billions = (name: keyof typeof studiedModels) =>
    parameters(studiedModels[name]).total / 1e9;
  const published = {
    megatron: 8.3,
    turing: 17.2,
    mtNlg: 530,
    zero60: 60,
    zero100: 100,
    trillion: 1000,
    frontier20: 20.5,
  } as const;
  for (const [name, expected] of Object.entries(published)) {
    assertAlmostEquals(billions(name as keyof typeof published) / expected, 1, 0.02, name);
  }
});
