import { assertEquals } from "@std/assert";
import { Progress } from "../../../kit/build/mod.ts";

const event = (cell: number, notebook = "notebooks/01_memory_wall.ipynb") => ({
  notebook,
  cell,
  of: 31,
});

Deno.test("Progress updates one line on a terminal, and lines that stay do not mix with it", () => {
  let written = "";
  const progress = new Progress((text) => written += text, true);
  progress.cell(event(12));
  progress.cell(event(2, "02_cache.ipynb"));
  assertEquals(written.split("\r\x1b[K").at(-1), "01_memory_wall  12/31   02_cache  2/31");
  progress.line("03_formats  run");
  assertEquals(written.split("\r\x1b[K").slice(-2), [
    "03_formats  run\n",
    "01_memory_wall  12/31   02_cache  2/31",
  ]);
  progress.end("02_cache.ipynb");
  progress.end("notebooks/01_memory_wall.ipynb");
  progress.line("done");
  assertEquals(written.split("\r\x1b[K").at(-1), "done\n");
});

Deno.test("Progress writes plain lines elsewhere, and a cell at most every ten seconds", () => {
  let written = "";
  let now = 5000;
  const progress = new Progress((text) => written += text, false, () => now);
  for (let cell = 1; cell <= 31; cell++, now += 1000) progress.cell(event(cell));
  progress.line("done");
  assertEquals(
    written,
    "01_memory_wall  11/31\n01_memory_wall  21/31\n01_memory_wall  31/31\ndone\n",
  );
});
