import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { Autosave } from "../../../../kit/workbench/file/autosave.ts";

/** Longer than any test runs. */
const never = 2 ** 30;

Deno.test("Autosave writes once typing rests", async () => {
  let writes = 0;
  const autosave = new Autosave(() => Promise.resolve(void writes++), { quiet: 1, longest: never });
  for (let change = 0; change < 5; change++) autosave.changed();
  assert(autosave.pending);
  await autosave.saved();
  assertEquals([writes, autosave.pending], [1, false]);
  autosave.close();
});

Deno.test("Autosave writes while typing never rests", async () => {
  const autosave = new Autosave(() => Promise.resolve(), { quiet: never, longest: 1 });
  autosave.changed();
  const saved = autosave.saved();
  const typing = setInterval(() => autosave.changed(), 0);
  await saved;
  clearInterval(typing);
  autosave.close();
});

Deno.test("Autosave.saved() waits for a write that began after the change", async () => {
  let writes = 0;
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const autosave = new Autosave(() => [first, second][writes++]!.promise, { quiet: 1, longest: 1 });
  const events: string[] = [];
  autosave.changed();
  const early = autosave.saved().then(() => events.push("early"));
  const flushed = autosave.flush();
  autosave.changed();
  const late = autosave.saved().then(() => events.push("late"));
  assertEquals(writes, 1, "one at a time");
  first.resolve();
  await Promise.all([early, flushed]);
  events.push("first write ended");
  second.resolve();
  await late;
  assertEquals([events, writes], [["early", "first write ended", "late"], 2]);
  autosave.close();
});

Deno.test("Autosave saves a change whose moment comes during a write", async () => {
  let writes = 0;
  const autosave = new Autosave(async () => {
    if (writes++ > 0) return;
    autosave.changed();
    // Its timer rings, and finds this write running.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }, { quiet: 0, longest: 0 });
  autosave.changed();
  await autosave.flush();
  await autosave.saved();
  assertEquals([writes, autosave.pending], [2, false]);
  autosave.close();
});

Deno.test("Autosave tells of a failure once, and keeps changes until a later change or attempt brings them through", async () => {
  for (const options of [{ quiet: 1, retry: never }, { quiet: never, longest: never, retry: 1 }]) {
    let failures = 3;
    const told: string[] = [];
    const autosave = new Autosave(
      () => failures-- > 0 ? Promise.reject(new Error("disk full")) : Promise.resolve(),
      { ...options, onError: ({ message }) => told.push(message) },
    );
    autosave.changed();
    await assertRejects(() => autosave.flush(), Error, "disk full");
    assert(autosave.pending);
    const saved = autosave.saved();
    const typing = options.quiet === 1 ? setInterval(() => autosave.changed(), 2) : undefined;
    await saved;
    clearInterval(typing);
    await autosave.flush();
    assertEquals(told, ["disk full"]);
    failures = 1;
    autosave.changed();
    await assertRejects(() => autosave.flush());
    assertEquals(told.length, 2, "after a good write a failure is news again");
    autosave.close();
  }
});

Deno.test("Autosave has nothing pending before the first change, and then resolves at once", async () => {
  const autosave = new Autosave(() => Promise.reject(new Error("never called")));
  await Promise.all([autosave.saved(), autosave.flush()]);
  assertFalse(autosave.pending);
});
