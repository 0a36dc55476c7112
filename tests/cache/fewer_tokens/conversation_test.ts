import { assert, assertEquals, assertThrows } from "@std/assert";
import { decode, denseCache, loadModel, vocabulary } from "@fewer-bytes/lm";
import { oracleChooser, SelectiveCache } from "@fewer-bytes/attention";
import { converse, PromptPruningCache, scoreTurns, writeConversation } from "@fewer-bytes/cache";

const conversations = [1, 2].map((seed) => writeConversation(seed, { context: 150, turns: 2 }));

Deno.test("writeConversation() asks for what the story told last of somebody, each fact once", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { context, questions } = writeConversation(seed, { context: 400, turns: 3 });
    const text = decode(context);
    assertEquals(vocabulary[context.at(-1)!], ".");
    assertEquals(new Set(questions.map(({ tokens }) => tokens.join())).size, 3);
    for (const { tokens, answer, distance } of questions) {
      const told = text.split(decode(tokens));
      assert(told.length > 1 && told.at(-1)!.trim().startsWith(`${decode(answer)}.`));
      assertEquals([...context.subarray(-distance).subarray(0, answer.length)], [...answer]);
    }
  }
});

Deno.test("converse() finds the facts with all of the context, and the turns leave all tokens in the cache", async () => {
  const model = await loadModel("target");
  const { right, bytes } = scoreTurns(model, conversations, denseCache);
  assertEquals(right, [1, 1]);
  assert(bytes > 150 * 2 * 64 * 4 * 5 * 0.8);
  for (const firstQuestion of ["together", "afterwards"] as const) {
    const cache = denseCache(model);
    const short = writeConversation(5, { context: 40, turns: 1 });
    const { context, questions } = short;
    converse(model, short, cache, { firstQuestion });

    const said = questions.reduce(
      (sum, { tokens, answer }) => sum + tokens.length + answer.length + 1,
      0,
    );
    // The last token of the last answer, and the full stop behind it, were never read.
    assertEquals(cache.length, context.length + said - 2);
  }
});

Deno.test("scoreTurns() shows that a cache pruned by the first question fails the second, and one that reads a little does not", async () => {
  const model = await loadModel("target");
  const pruned = scoreTurns(
    model,
    conversations,
    (m) => new PromptPruningCache(m, { budget: 24, recent: 8, judges: 2, pool: 9 }),
  );
  const sparse = scoreTurns(
    model,
    conversations,
    (m) => new SelectiveCache(denseCache(m), m, oracleChooser(m, 24)),
  );
  assert(pruned.right[0]! > pruned.right[1]!);
  assertEquals(sparse.right, [1, 1]);
  assert(pruned.bytes < sparse.bytes / 3);
});

Deno.test("writeConversation() and scoreTurns() refuse what they cannot ask", async () => {
  assertThrows(
    () => writeConversation(1, { context: 60, turns: 40 }),
    RangeError,
    "turns must be <= the facts told: 40 >",
  );
  assertThrows(() => writeConversation(1, { turns: 0 }), RangeError, "turns");
  const model = await loadModel("target");
  assertThrows(() => scoreTurns(model, [], denseCache), RangeError, "the number of conversations");
  const unequal = [conversations[0]!, { ...conversations[1]!, questions: [] }];
  assertThrows(
    () => scoreTurns(model, unequal, denseCache),
    RangeError,
    "must have 2: current value is 0",
  );
});
