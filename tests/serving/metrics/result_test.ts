import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { chunkedPrefill, continuousBatching, simulate } from "@fewer-bytes/serving";
import { alike, chat, llama, prefillSeconds } from "../setups.ts";

Deno.test("a result warns of a load that the server cannot carry, and of no other", () => {
  const service = prefillSeconds(llama, 1000);
  const policy = continuousBatching({ batch: 1 });
  for (const [load, warns] of [[0.5, false], [0.85, false], [1.1, true], [2, true]] as const) {
    const requests = alike(5000, load / service, 1000, 1);
    const { warnings, utilization } = simulate({ deployment: llama, requests, policy });
    assertEquals(warnings.length, warns ? 1 : 0, `load ${load}`);
    if (warns) {
      assert(warnings[0]!.startsWith("The load is not stable"));
      assert(utilization > 0.99);
    } else assertAlmostEquals(utilization, load, 0.05);
  }
});

Deno.test("a result keeps at most 1,024 looks at the server, in order, over all of the time", () => {
  const { timeline, duration, steps } = simulate({
    deployment: llama,
    requests: chat(2000, 20),
    policy: chunkedPrefill(),
  });
  assert(timeline.length <= 1024 && timeline.length >= 400 && steps > 5000);
  assert(timeline.every(({ time }, at) => at === 0 || time > timeline[at - 1]!.time));
  assert(timeline.at(-1)!.time > 0.99 * duration);
  const early = timeline.filter(({ time }) => time < duration / 2).length;
  assert(early > timeline.length / 3 && early < 2 * timeline.length / 3, "evenly spread");
});

Deno.test("a result's traffic adds up", () => {
  const { traffic } = simulate({
    deployment: llama,
    requests: chat(50, 20),
    policy: continuousBatching(),
  });
  const { total, weights, experts, cache, activations } = traffic;
  assertAlmostEquals(weights + experts + cache + activations, total, 1e-6 * total);
  assert(experts === 0 && weights > cache && cache > 0 && activations > 0);
});
