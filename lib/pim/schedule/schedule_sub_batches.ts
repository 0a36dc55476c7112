import { requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";

/** What one sub-batch needs in one layer: products with weights on the processor, and attention in memory. */
export interface SubBatch {
  readonly processor: Seconds;
  readonly memory: Seconds;
}

/** A piece of work on a time line. */
export interface SubBatchTurn {
  readonly unit: "processor" | "memory";
  readonly subBatch: number;
  readonly layer: number;
  readonly start: Seconds;
  readonly end: Seconds;
}

/** How some sub-batches pass through the layers. */
export interface SubBatchSchedule {
  readonly seconds: Seconds;
  /** The share of that time in which each unit works. */
  readonly processorUse: number;
  readonly memoryUse: number;
  readonly turns: readonly SubBatchTurn[];
}

/**
 * How do sub-batches pass through the layers, when products with weights are done on the processor and attention in
 * memory? Each sub-batch alternates between the two; another can use what it leaves idle.
 *
 * With one row buffer in each bank the units are blocked while the processor reads, and the reverse: whatever the number
 * of sub-batches, one thing happens at a time and the total is the sum. With two row buffers both work at once. Whoever
 * is ready first goes first; a unit that could take several takes the one that has got least far.
 *
 * It is NeuPIMs' sub-batch interleaving (ASPLOS 2024, section 6.2), as {@linkcode pingPong} is MegaScale-Infer's: there
 * between two kinds of server, here between two sides of one memory.
 *
 * @param concurrent Whether the banks serve both at once.
 * @throws {RangeError} when there is no sub-batch or no layer, or a time is out of range.
 * @example Two equal halves: nothing is gained while banks are blocked, and nearly half of the time when not
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { scheduleSubBatches } from "@fewer-bytes/pim";
 *
 * const halves = [{ processor: 1, memory: 1 }, { processor: 1, memory: 1 }];
 * assertEquals(scheduleSubBatches(halves, 10, false).seconds, 40);
 * assertEquals(scheduleSubBatches(halves, 10, true).seconds, 21);
 * ```
 */
export function scheduleSubBatches(
  subBatches: readonly SubBatch[],
  layers: number,
  concurrent: boolean,
): SubBatchSchedule {
  requireInteger(subBatches.length, 1, "interleave", "the number of sub-batches");
  requireInteger(layers, 1, "interleave", "layers");
  subBatches.forEach(({ processor, memory }) => {
    requireAtLeast(processor, 0, "interleave", "the processor's time");
    requireAtLeast(memory, 0, "interleave", "the memory's time");
  });
  const free = { processor: 0, memory: 0 };
  const busy = { processor: 0, memory: 0 };
  const ready = subBatches.map(() => 0);
  const done = subBatches.map(() => 0); // turns: two in each layer
  const turns: SubBatchTurn[] = [];
  while (turns.length < subBatches.length * layers * 2) {
    const [subBatch, unit, start] = next(done, ready, free, 2 * layers);
    const seconds = subBatches[subBatch]![unit];
    const end = start + seconds;
    turns.push({ unit, subBatch, layer: Math.floor(done[subBatch]! / 2), start, end });
    busy[unit] += seconds;
    ready[subBatch] = free[unit] = end;
    if (!concurrent) free.processor = free.memory = end;
    done[subBatch]!++;
  }
  const seconds = Math.max(...turns.map(({ end }) => end));
  return {
    seconds,
    processorUse: seconds === 0 ? 0 : busy.processor / seconds,
    memoryUse: seconds === 0 ? 0 : busy.memory / seconds,
    turns,
  };
}

/** The turn that can begin first; among equals that of the sub-batch which has got least far. */
function next(
  done: readonly number[],
  ready: readonly Seconds[],
  free: Readonly<Record<SubBatchTurn["unit"], Seconds>>,
  all: number,
): [subBatch: number, unit: SubBatchTurn["unit"], start: Seconds] {
  let best: [number, SubBatchTurn["unit"], Seconds] | undefined;
  done.forEach((count, subBatch) => {
    if (count === all) return;
    const unit = count % 2 === 0 ? "processor" : "memory";
    const start = Math.max(ready[subBatch]!, free[unit]);
    if (!best || start < best[2] || start === best[2] && count < done[best[0]]!) {
      best = [subBatch, unit, start];
    }
  });
  return best!;
}
