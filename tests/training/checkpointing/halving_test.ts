import { assert, assertEquals } from "@std/assert";
import { halvingSchedule, replay, uniformChain } from "@fewer-bytes/training";

Deno.test("a chain of 2^k stages needs k inputs and a tape, and (k + 2)/2 forward steps for each stage", () => {
  for (let k = 0; k <= 10; k++) {
    const n = 2 ** k, chain = uniformChain(n);
    const { peak, forwards } = replay(chain, halvingSchedule(chain));
    assertEquals(peak, k + 1);
    assertEquals(forwards.reduce((sum, times) => sum + times), n * (k + 2) / 2);
  }
});

Deno.test("chains of every length stay within log2 n + 2", () => {
  for (let n = 1; n < 200; n++) {
    const chain = uniformChain(n);
    assert(replay(chain, halvingSchedule(chain)).peak <= Math.log2(n) + 2);
  }
});
