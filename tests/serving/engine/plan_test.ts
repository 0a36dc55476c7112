import { assertEquals } from "@std/assert";
import { Plan } from "@fewer-bytes/serving";

Deno.test("Plan.clear() forgets what is computed, and keeps moves that are still to be timed", () => {
  const plan = new Plan();
  plan.prefill(3, 500);
  Object.assign(plan, { decodes: true, share: 0.5, enters: false, leaves: false, overlaps: true });
  Object.assign(plan, { steps: 7, transfer: 0.25 });
  assertEquals([plan.prompts, plan.tokens], [[3], [500]]);
  plan.clear();
  assertEquals(plan, Object.assign(new Plan(), { transfer: 0.25 }));
});
