import { assertEquals } from "@std/assert";
import { EideticMemory, eideticValuesFormula, trainedLengthFormula } from "@fewer-bytes/attention";
import { randomMatrix } from "../kinds/support.ts";

Deno.test("a memory of fixed size is full at the length it was trained on, and holds no more at four times as many tokens", () => {
  const [keyWidth, valueWidth, window, eidetic] = [4, 3, 16, 8];
  const memory = new EideticMemory(keyWidth, valueWidth, { window, eidetic, keep: 0.9 });
  const factor = 4, tested = 32;
  const trained = trainedLengthFormula.evaluate({ tested, factor });
  assertEquals(trained, 8); // thousand tokens: the claim says 32K, four times as long; here hundreds stand for them
  const sizes: number[] = [];
  const key = randomMatrix(1, 4, 1).row(0).map((value) => value / 4);
  for (let token = 1; token <= 100 * tested; token++) {
    memory.write(key, [token % 7, 1, 0]);
    if (token === 100 * trained || token === 100 * tested) sizes.push(memory.values);
  }
  const full = eideticValuesFormula.evaluate({ window, eidetic, keyWidth, valueWidth });
  assertEquals(sizes, [full, full]);
});
