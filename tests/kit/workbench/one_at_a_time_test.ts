import { assertEquals, assertRejects } from "@std/assert";
import { OneAtATime } from "../../../kit/workbench/one_at_a_time.ts";

Deno.test("OneAtATime runs work in its order and never two at once, also after one that failed", async () => {
  const queue = new OneAtATime();
  const steps: string[] = [];
  const work = (name: string, fails = false) =>
    queue.run(async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const [first, second, third] = [work("a"), work("b", true), work("c")];
  assertEquals(await first, "a");
  await assertRejects(() => second, Error, "b");
  assertEquals(await third, "c");
  assertEquals(steps, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
