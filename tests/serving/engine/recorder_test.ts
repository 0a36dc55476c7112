import { assert, assertEquals } from "@std/assert";
import { Recorder, StepTotals } from "@fewer-bytes/serving";

Deno.test("Recorder adds steps on a line as it adds each of them", () => {
  const totals = (bytes: number) => Object.assign(new StepTotals(), { bytes, experts: bytes / 2 });
  const [line, single] = [new Recorder(1), new Recorder(1)];
  line.add(totals(10), totals(40), 4);
  for (const bytes of [10, 20, 30, 40]) single.add(totals(bytes), totals(bytes), 1);
  assertEquals([line.bytes, line.experts, line.steps], [100, 50, 4]);
  assertEquals([single.bytes, single.experts, single.steps], [100, 50, 4]);
});

Deno.test("Recorder keeps at most 1,024 looks, evenly spread, however many there were", () => {
  const recorder = new Recorder(1);
  for (let time = 0; time < 100_000; time++) recorder.look(time, 0, 0, 0);
  const times = recorder.samples.map(({ time }) => time);
  assert(times.length <= 1024 && times.length >= 512);
  const gap = times[1]! - times[0]!;
  assert(times.every((time, at) => at === 0 || time - times[at - 1]! === gap));
});
