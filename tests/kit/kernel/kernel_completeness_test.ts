import { assertEquals } from "@std/assert";
import { Kernel, type OutputEvent } from "../../../kit/kernel/mod.ts";
import { withoutKernel as ignore } from "./support.ts";

/**
 * Stock clients lose or misplace output of this kernel. Each run is a cell whose lines and value bear its number: exactly
 * these, in order, must be in its outputs, so that a lost, late or foreign line shows. Two kernels run at a time and compete.
 */
async function runs(
  count: number,
  body: (kernel: Kernel, run: number) => Promise<void>,
): Promise<void> {
  const queue = Array(count).keys();
  await Promise.all([0, 1].map(async () => {
    await using kernel = await Kernel.start({ cwd: Deno.cwd() });
    for (const run of queue) await body(kernel, run);
  }));
}

for (const size of [3, 20, 200, 2000]) {
  Deno.test(
    `Kernel keeps all ${size} lines and the value of a cell, each in its place, in 100 of 100 runs`,
    { ignore },
    async () => {
      await runs(100, async (kernel, run) => {
        const name = `run ${run}`;
        const { status, outputs } = await kernel.execute(
          `for (let i = 0; i < ${size}; i++) console.log("${name}, line", i);\n"${name}"`,
        );
        const text = Array.from({ length: size }, (_, i) => `${name}, line ${i}\n`).join("");
        assertEquals({ status, outputs }, {
          status: "ok",
          outputs: [
            { output_type: "stream", name: "stdout", text },
            {
              output_type: "execute_result",
              data: { "text/plain": `"${name}"` },
              metadata: {},
              execution_count: null,
            },
          ],
        });
      });
    },
  );
}

Deno.test(
  "Kernel keeps a figure of 200 kB as the value of a cell in 100 of 100 runs",
  { ignore },
  async () => {
    await runs(100, async (kernel, run) => {
      const { outputs } = await kernel.execute(
        `Deno.jupyter.svg\`<svg>${run}\${"x".repeat(200_000)}</svg>\``,
      );
      const data = { "image/svg+xml": `<svg>${run}${"x".repeat(200_000)}</svg>` };
      assertEquals(outputs, [{
        output_type: "execute_result",
        data,
        metadata: {},
        execution_count: null,
      }]);
    });
  },
);

Deno.test("Kernel keeps the order of lines, displays and the value", { ignore }, async () => {
  await runs(20, async (kernel) => {
    const { outputs } = await kernel.execute(`
      for (let i = 0; i < 20; i++) {
        console.log(i);
        await Deno.jupyter.display({ "text/plain": String(i) }, { raw: true });
      }
      console.error("end");
      20`);
    const shown = outputs.map((output) =>
      output.output_type === "stream" ? output.text : "data" in output && output.data
    );
    const expected = Array.from({ length: 20 }, (_, i) => [`${i}\n`, { "text/plain": String(i) }])
      .flat();
    assertEquals(shown, [...expected, "end\n", { "text/plain": "20" }]);
  });
});

Deno.test(
  "Kernel puts the error of a cell behind all 500 lines that it printed before",
  { ignore },
  async () => {
    await runs(20, async (kernel) => {
      const { status, outputs } = await kernel.execute(
        `for (let i = 0; i < 500; i++) console.log(i); throw new Error("end")`,
      );
      assertEquals(status, "error");
      assertEquals(outputs.map((output) => output.output_type), ["stream", "error"]);
      const [stream] = outputs;
      assertEquals(
        stream?.output_type === "stream" && stream.text,
        Array.from({ length: 500 }, (_, i) => `${i}\n`).join(""),
      );
    });
  },
);

Deno.test(
  "Kernel tells of each output as it comes, before the cell has ended",
  { ignore },
  async () => {
    await using kernel = await Kernel.start({ cwd: Deno.cwd() });
    const first = Promise.withResolvers<OutputEvent>();
    let ended = false;
    // The cell ends only once its first line has been heard of: it waits for a file that we make then.
    const go = await Deno.makeTempFile();
    const execution = kernel.execute(
      `console.log("begun"); while (!(await Deno.readTextFile(${
        JSON.stringify(go)
      }))) await new Promise((r) => setTimeout(r, 5));`,
      { onOutput: (event) => first.resolve(event), timeout: 20 },
    ).finally(() => ended = true);
    const output = { output_type: "stream" as const, name: "stdout" as const, text: "begun\n" };
    assertEquals(await first.promise, { type: "output", output });
    assertEquals(ended, false);
    await Deno.writeTextFile(go, "go");
    assertEquals((await execution).outputs, [output]);
    await Deno.remove(go);
  },
);
