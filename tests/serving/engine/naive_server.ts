/** Continuous batching once more, as simply as possible: objects, one step at a time, no jumps. */
import { type Requests, type StepCost, StepTotals } from "@fewer-bytes/serving";

/** First and last token of each request, with whole answers reserved in a memory of so many tokens' blocks. */
export function naiveContinuous(
  cost: StepCost,
  { arrival, promptTokens, outputTokens }: Requests,
  limits: { batch: number; promptTokens: number; blocks: number; blockTokens: number },
): { first: number[]; finished: number[] } {
  const all = Array.from(arrival, (time, id) => ({
    id,
    time,
    prompt: promptTokens[id]!,
    output: outputTokens[id]!,
    given: 0,
    blocks: Math.ceil((promptTokens[id]! + outputTokens[id]! - 1) / limits.blockTokens),
  }));
  const first: number[] = [], finished: number[] = [];
  let coming = all, waiting: typeof all = [], running: typeof all = [], now = 0;
  while (coming.length + waiting.length + running.length > 0) {
    waiting = [...waiting, ...coming.filter(({ time }) => time <= now)];
    coming = coming.filter(({ time }) => time > now);
    const old = running;
    const fresh: typeof all = [];
    while (waiting.length > 0 && old.length + fresh.length < limits.batch) {
      const next = waiting[0]!;
      const taken = [...old, ...fresh].reduce((sum, { blocks }) => sum + blocks, 0);
      const tokens = fresh.reduce((sum, { prompt }) => sum + prompt, 0);
      if (tokens > 0 && tokens + next.prompt > limits.promptTokens) break;
      if (taken + next.blocks > limits.blocks) break;
      fresh.push(waiting.shift()!);
    }
    running = [...old, ...fresh];
    if (running.length === 0) {
      now = Math.min(...coming.map(({ time }) => time));
      continue;
    }
    const load = cost.load();
    for (const { prompt, given } of old) load.decode(prompt + given - 1);
    for (const { prompt } of fresh) load.prefill(prompt, 0, true);
    now += cost.evaluate(load, new StepTotals()).seconds;
    for (const request of running) {
      if (++request.given === 1) first[request.id] = now;
      if (request.given === request.output) finished[request.id] = now;
    }
    running = running.filter(({ given, output }) => given < output);
  }
  return { first, finished };
}
