import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  activities,
  chunkedPrefill,
  continuousBatching,
  CountedBlocks,
  fairBatching,
  type Interval,
  layeredPrefill,
  pagedBatching,
  type Policy,
  replay,
  type Requests,
  requests,
  type ServingEvent,
  simulate,
  staticBatching,
} from "@fewer-bytes/serving";
import { chat, llama, prefillSeconds } from "../setups.ts";

function told(policy: Policy, traffic: Requests, memory?: CountedBlocks) {
  const events: ServingEvent[] = [];
  const result = simulate({
    deployment: llama,
    requests: traffic,
    policy,
    observe: (event) => events.push(event),
    ...(memory && { memory }),
  });
  return { result, events, ...replay(events) };
}
const seconds = (bars: readonly Interval[], kind: Interval["kind"]) =>
  bars.filter((bar) => bar.kind === kind).reduce((sum, { start, end }) => sum + end - start, 0);

Deno.test("replay() covers each request from its arrival to its end, without gap or overlap, with every policy", () => {
  const traffic = chat(80, 60, { pauses: { share: 0.3, seconds: () => 0.2 } });
  const policies = [
    staticBatching({ batch: 8 }),
    continuousBatching({ pause: "discard" }),
    pagedBatching(),
    pagedBatching({ eviction: "swap", pause: "swap" }),
    chunkedPrefill(),
    layeredPrefill(llama.deployment.model),
    fairBatching({ interval: 10 }),
  ];
  for (const policy of policies) {
    const paused = policy.holdsFinished ? chat(80, 60) : traffic;
    const { bars, marks, result } = told(policy, paused, new CountedBlocks(1000, 16));
    for (let request = 0; request < 80; request++) {
      const own = bars.filter(({ lane }) => lane === `request ${request + 1}`);
      const { arrival, finished } = result.columns;
      assertAlmostEquals(own[0]!.start, arrival[request]!, 1e-9, policy.name);
      assertAlmostEquals(own.at(-1)!.end, finished[request]!, 1e-9, policy.name);
      own.forEach(({ start, end, kind }, at) => {
        assert(end > start && activities.includes(kind));
        if (at === 0) return;
        assertAlmostEquals(start, own[at - 1]!.end, 1e-9, `${policy.name} ${request}`);
        assert(kind !== own[at - 1]!.kind, "equal neighbors are one bar");
      });
    }
    assertEquals(marks.filter(({ label }) => label === "is complete").length, 80);
    assertEquals(seconds(bars, "tool") > 0, !policy.holdsFinished, policy.name);
  }
});

Deno.test("replay() tells what each policy is known for", () => {
  const traffic = requests([
    { arrival: 0, promptTokens: 1000, outputTokens: 40 },
    { arrival: 0, promptTokens: 1000, outputTokens: 80 },
    { arrival: 0.1, promptTokens: 4000, outputTokens: 20 },
  ]);
  const fixed = told(staticBatching({ batch: 2 }), traffic).bars;
  const whole = told(pagedBatching(), traffic).bars;
  const pieces = told(chunkedPrefill(), traffic).bars;
  assert(seconds(fixed, "for nothing") > 0.1, "a short answer is computed along");
  assertEquals(seconds(whole, "for nothing"), 0);
  assertAlmostEquals(seconds(whole, "stalled"), 2 * prefillSeconds(llama, 4000), 1e-9);
  assertEquals(seconds(pieces, "stalled"), 0);
});

Deno.test("replay() stops where it is told to, and what came before is the same", () => {
  const { events, bars } = told(chunkedPrefill(), chat(40, 40));
  const until = 0.7;
  const early = replay(events, until);
  assert(early.bars.length < bars.length && early.bars.length > 5);
  assert([...early.bars].every(({ end }) => end <= until));
  assert([...early.marks].every(({ at }) => at <= until));
  const cut = bars.filter(({ start }) => start < until).map((bar) => ({
    ...bar,
    end: Math.min(bar.end, until),
  }));
  assertEquals(early.bars, cut);
});
