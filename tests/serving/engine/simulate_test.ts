import { assert, assertEquals } from "@std/assert";
import {
  continuousBatching,
  progressBar,
  type ServingEvent,
  simulate,
  simulateWithProgress,
  type StepEvent,
} from "@fewer-bytes/serving";
import { chat, llama } from "../setups.ts";

Deno.test("simulateWithProgress() gives the same result, and tells how far it is", async () => {
  const setup = { deployment: llama, requests: chat(200, 20), policy: continuousBatching() };
  const seen: number[] = [];
  const result = await simulateWithProgress(setup, ({ finished }) => void seen.push(finished));
  assertEquals(result, simulate(setup));
  assert(seen.length > 50 && seen.length <= 101);
  assertEquals(seen.at(-1), 200);
  assertEquals(seen, [...seen].sort((one, other) => one - other));
});

Deno.test("progressBar() draws a line of constant width", () => {
  const bar = progressBar({ finished: 250_000, requests: 1_000_000, time: 3 }, 8);
  assertEquals(bar, "[██░░░░░░] 25 % of 1,000,000 requests");
});

Deno.test("simulate() streams its events in order, so that a figure can replay them", () => {
  const events: ServingEvent[] = [];
  const setup = { deployment: llama, requests: chat(100, 20), policy: continuousBatching() };
  const result = simulate({ ...setup, observe: (event) => void events.push(event) });
  assertEquals(result, simulate(setup), "watching changes nothing");
  for (const kind of ["arrived", "admitted", "first token", "finished"] as const) {
    assertEquals(events.filter((event) => event.kind === kind).length, 100, kind);
  }
  const finished = events.filter((event) => event.kind === "finished");
  for (const event of finished) {
    if (event.kind === "finished") assertEquals(event.time, result.columns.finished[event.request]);
  }
  const steps = events.filter((event): event is StepEvent => event.kind === "steps");
  assertEquals(steps.reduce((sum, event) => sum + event.steps, 0), result.steps);
  const tokens = steps.reduce((sum, event) => sum + event.promptTokens, 0);
  assertEquals(tokens, result.promptTokens);
  for (let index = 1; index < steps.length; index++) {
    const before = steps[index - 1]!;
    assert(steps[index]!.time >= before.time + before.seconds - 1e-9);
  }
});
