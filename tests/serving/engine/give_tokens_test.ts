import { assertEquals } from "@std/assert";
import {
  continuousBatching,
  pagedBatching,
  type Policy,
  type RequestEntry,
  requests,
  type ServingEvent,
  simulate,
  staticBatching,
} from "@fewer-bytes/serving";
import { llama } from "../setups.ts";

/** What is told of each request, apart from steps. */
function told(policy: Policy, entries: readonly Partial<RequestEntry>[]): string[][] {
  const events: ServingEvent[] = [];
  simulate({
    deployment: llama,
    requests: requests(
      entries.map((entry) => ({ arrival: 0, promptTokens: 50, outputTokens: 5, ...entry })),
    ),
    policy,
    observe: (event) => events.push(event),
  });
  return entries.map((_, request) =>
    events.flatMap((event) =>
      event.kind !== "steps" && event.request === request ? [`${event.kind}: ${event.phase}`] : []
    )
  );
}

Deno.test("a request goes from waiting to done, and an answer of one token ends with its prompt", () => {
  const life = [
    "arrived: waiting",
    "admitted: prefilling",
    "first token: decoding",
    "finished: done",
  ];
  assertEquals(told(continuousBatching(), [{}, { outputTokens: 1 }]), [life, life]);
});

Deno.test("who is complete in a static batch is held until the batch is", () => {
  const [long, short] = told(staticBatching({ batch: 2 }), [{}, { outputTokens: 2 }]);
  assertEquals(long!.slice(-2), ["held: held", "finished: done"]);
  assertEquals(short, long);
});

Deno.test("a pause takes a request out; with its cache kept it goes on, without it is admitted again", () => {
  const pause = { pauseAfter: 2, pauseSeconds: 0.1 };
  const [kept] = told(pagedBatching({ pause: "keep" }), [pause]);
  assertEquals(kept!.slice(3), ["paused: paused", "resumed: decoding", "finished: done"]);
  const [gone] = told(pagedBatching({ pause: "discard" }), [pause]);
  assertEquals(gone!.slice(3), [
    "paused: paused",
    "resumed: waiting",
    "admitted: prefilling",
    "caught up: decoding",
    "finished: done",
  ]);
});
