import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  executeCell,
  type ExecuteOptions,
  type ExecuteResult,
  Kernel,
} from "../../../kit/kernel/mod.ts";
import { eventually, isAlive, temporaryFolder, withoutKernel as ignore } from "./support.ts";

/** One fresh kernel, and the results of cells in it. */
async function results(
  codes: readonly string[],
  options: ExecuteOptions = {},
): Promise<ExecuteResult[]> {
  await using kernel = await Kernel.start({ cwd: Deno.cwd() });
  const all: ExecuteResult[] = [];
  for (const code of codes) all.push(await executeCell(kernel, code, options));
  return all;
}

function streamText(result: ExecuteResult | undefined): string {
  return (result?.outputs ?? []).map((output) => output.output_type === "stream" ? output.text : "")
    .join("");
}

Deno.test(
  "Kernel keeps variables, and leaves no trace of its own questions",
  { ignore },
  async () => {
    const [, second] = await results([
      "const before = Object.keys(globalThis).length; let x = 41;",
      `console.log(typeof _, Object.keys(globalThis).length - before, Object.keys(globalThis).some((k) => /bytes/.test(k))); x + 1`,
    ]);
    assertEquals(second?.status, "ok");
    assertEquals(streamText(second), "undefined 0 false\n");
    assertEquals(second?.outputs.at(-1), {
      output_type: "execute_result",
      data: { "text/plain": "42" },
      metadata: {},
      execution_count: null,
    });
  },
);

Deno.test(
  "Kernel works on when a cell replaces console, setTimeout, Deno.jupyter and queueMicrotask",
  { ignore },
  async () => {
    const [, second, third] = await results([
      `globalThis.setTimeout = globalThis.queueMicrotask = () => {}; Deno.jupyter.broadcast = () => {}; Deno.stdout.close();`,
      `console.log("still here")`,
      `Promise.reject(new Error("still heard"))`,
    ]);
    assertEquals(streamText(second), "still here\n");
    assertEquals(third?.error?.evalue, "still heard");
  },
);

Deno.test(
  "Kernel runs empty cells and cells of comments, and shows nothing",
  { ignore },
  async () => {
    for (const result of await results(["", "  \n", "// nothing", "/* to\nsee */"])) {
      assertEquals(result, { status: "ok", outputs: [] });
    }
  },
);

Deno.test(
  "Kernel shows nothing for null, undefined and NaN, as the kernel does",
  { ignore },
  async () => {
    for (const result of await results(["null", "undefined", "NaN"])) {
      assertEquals(result, {
        status: "ok",
        outputs: [],
      });
    }
  },
);

Deno.test("Kernel leaves carriage returns as they are", { ignore }, async () => {
  const [result] = await results([`console.log("10 %\\r20 %")`]);
  assertEquals(streamText(result), "10 %\r20 %\n");
});

Deno.test("Kernel updates a display of an earlier cell in place", { ignore }, async () => {
  const show = (text: string, update: boolean) =>
    `await Deno.jupyter.display({ "text/plain": "${text}" }, { raw: true, display_id: "a", update: ${update} })`;
  const [first, second] = await results([show("old", false), show("new", true)]);
  assertEquals(first?.outputs, [{
    output_type: "display_data",
    data: { "text/plain": "new" },
    metadata: {},
  }]);
  assertEquals(second?.outputs, []);
});

Deno.test("Kernel clears outputs when a cell says so", { ignore }, async () => {
  const [result] = await results([`
    for (const i of [1, 2, 3]) { console.log(i); Deno.jupyter.broadcast("clear_output", { wait: true }); }
    console.log("last")`]);
  assertEquals(streamText(result), "last\n");
});

Deno.test("Kernel tells what a cell threw, without color codes", { ignore }, async () => {
  const [error, text] = await results([
    `function f() { throw new RangeError("\\x1b[31mtoo far\\x1b[0m") }; f()`,
    `throw "just text"`,
  ]);
  assertEquals(error?.status, "error");
  assertEquals(error?.error?.ename, "RangeError");
  assertEquals(error?.error?.evalue, "too far");
  assertEquals(error?.error?.traceback[0], "RangeError: too far");
  assertStringIncludes(error?.error?.traceback[1] ?? "", "at f ");
  assertEquals(text?.error, { ename: "Error", evalue: "just text", traceback: [] });
});

Deno.test("Kernel reports an error in the display of a value", { ignore }, async () => {
  const [result] = await results([
    `({ [Symbol.for("Jupyter.display")]() { throw new TypeError("no picture"); } })`,
  ]);
  assertEquals(result?.error?.evalue, "no picture");
});

Deno.test(
  "Kernel reports a rejection that nobody handles in the cell that caused it",
  { ignore },
  async () => {
    const [first, second] = await results([`Promise.reject(new TypeError("lost")); 1`, "2"]);
    assertEquals([first?.status, first?.error?.ename, first?.error?.evalue], [
      "error",
      "TypeError",
      "lost",
    ]);
    assertEquals(first?.outputs.map((output) => output.output_type), ["execute_result", "error"]);
    assertEquals(second?.status, "ok");
  },
);

Deno.test("Kernel reports an error of a timer that is due at once in the cell that set it", {
  ignore,
}, async () => {
  const all = await results(Array(20).fill(`setTimeout(() => { throw new Error("soon"); });\n0`));
  assertEquals(all.map(({ error }) => error?.evalue), Array(20).fill("soon"));
});

Deno.test(
  "Kernel reports a late error in the cell in which it surfaced, and timers still work",
  { ignore },
  async () => {
    const sleep = "await new Promise((resolve) => setTimeout(resolve, 100))";
    const all = await results([
      `setTimeout(() => { throw new Error("late"); }, 20);\n0`,
      sleep,
      sleep,
    ], {
      timeout: 20,
    });
    assertEquals(all.map(({ status, error }) => error?.evalue ?? status), ["ok", "late", "ok"]);
  },
);

Deno.test(
  "Kernel accepts a rejection that the cell handles, at once or in a listener of its own",
  { ignore },
  async () => {
    const all = await results([
      `Promise.reject(new Error("handled")).catch(() => {})`,
      `addEventListener("unhandledrejection", (event) => event.preventDefault()); Promise.reject(new Error("mine"));`,
    ]);
    assertEquals(all.map(({ status }) => status), ["ok", "ok"]);
  },
);

Deno.test(
  "executeCell() gives the parser's message and a caret for a syntax error",
  { ignore },
  async () => {
    const [result, next] = await results(["const fine = 1;\nlet = = 3", "1"]);
    assertEquals(result?.error?.ename, "SyntaxError");
    assertMatch(
      result?.error?.evalue ?? "",
      /Expression expected[\s\S]*let = = 3\n.*~[\s\S]*line 2, column 7/,
    );
    assertEquals(result?.outputs.map((output) => output.output_type), ["error"]);
    assertEquals(next?.status, "ok");
  },
);

Deno.test(
  "executeCell() names the module and the export that it lacks, also when the cell fell over it",
  { ignore },
  async () => {
    const message =
      `The module "node:path" does not export "jion" (if it is a type, write "import type")`;
    for (
      const result of await results([
        `import { join, jion as j } from "node:path"`,
        `import { jion } from "node:path"; jion()`,
      ])
    ) {
      assertEquals([result.status, result.error?.ename, result.error?.evalue], [
        "error",
        "SyntaxError",
        message,
      ]);
    }
  },
);

Deno.test(
  "executeCell() accepts imports of types, namespaces, defaults, JSON and side effects",
  { ignore },
  async () => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(
      `${folder.path}/m.ts`,
      "export interface T { a: 1 }\nexport default 1;\nexport const u = undefined;",
    );
    await Deno.writeTextFile(`${folder.path}/d.json`, "[1]");
    await using kernel = await Kernel.start({ cwd: folder.path });
    const result = await executeCell(
      kernel,
      `import d, { type T, u } from "./m.ts"; import type { T as S } from "./m.ts"; import * as all from "./m.ts";
     import data from "./d.json" with { type: "json" }; import "./m.ts";
     const text = 'import { nothing } from "node:path"'; console.log(d, data[0], Object.keys(all).join())`,
    );
    assertEquals([result.error, streamText(result)], [undefined, "1 1 default,u\n"]);
  },
);

Deno.test(
  "executeCell() names a package, a file and an alias that cannot be found",
  { ignore },
  async () => {
    const all = await results([
      `import x from "npm:fewer-bytes-has-no-such-package@1"`,
      `import { x } from "./there_is_no_such_file.ts"`,
      `import { x } from "there-is-no-such-alias"`,
    ]);
    assertStringIncludes(all[0]?.error?.evalue ?? "", "fewer-bytes-has-no-such-package");
    assertStringIncludes(all[1]?.error?.evalue ?? "", "there_is_no_such_file.ts");
    assertStringIncludes(all[2]?.error?.evalue ?? "", "there-is-no-such-alias");
  },
);

Deno.test("Kernel interrupts a cell that runs too long, and keeps its output and variables", {
  ignore,
}, async () => {
  const [first, second] = await results([
    `var kept = 7; console.log("begun"); while (true);`,
    "kept",
  ], {
    timeout: 0.5,
  });
  assertEquals([first?.status, first?.error?.ename], ["aborted", "TimeoutError"]);
  assertEquals(first?.error?.evalue, "The cell ran for more than 0.5 s and was interrupted");
  assertEquals(streamText(first), "begun\n");
  assertEquals(second?.status, "ok");
});

Deno.test("interrupt() brings a cell back however it waits or computes, and variables stay", {
  ignore,
}, async () => {
  await using kernel = await Kernel.start({ cwd: Deno.cwd() });
  const { pid } = kernel;
  await kernel.execute("let kept = 7; const slow = async () => { await 0; while (true); };");
  const endless = [
    "while (true);",
    "for (;;) await 0;",
    "await 1; while (true);",
    "await Promise.all([slow(), slow()]);",
    "await new Promise(() => {});",
    "await new Promise((resolve) => setTimeout(resolve, 1e9));",
    "await new Promise(() => setInterval(() => {}, 5));",
    "for (;;) await new Promise((resolve) => setTimeout(resolve, 5));",
  ];
  for (const code of endless) {
    const { status, error } = await kernel.execute(code, { timeout: 0.2 });
    assertEquals([code, status, error?.ename], [code, "aborted", "TimeoutError"]);
    const { outputs } = await kernel.execute("kept");
    assertEquals([code, outputs.map((output) => "data" in output && output.data)], [code, [{
      "text/plain": "7",
    }]]);
  }
  assertEquals(kernel.pid, pid);
});

Deno.test(
  "Kernel is ended when a cell waits for what cannot be let go of, and serves again after restart()",
  {
    ignore,
  },
  async () => {
    await using kernel = await Kernel.start({ cwd: Deno.cwd() });
    const { pid } = kernel;
    const waiting = `await new Promise((resolve) => addEventListener("never", resolve))`;
    const stuck = await kernel.execute(waiting, { timeout: 0.2 });
    assertEquals([stuck.status, stuck.error?.ename], ["aborted", "TimeoutError"]);
    assertStringIncludes(stuck.error?.evalue ?? "", "so the kernel was ended");
    assertEquals((await kernel.execute("1")).status, "aborted");
    await kernel.restart();
    assertEquals((await kernel.execute("1")).status, "ok");
    assert(!isAlive(pid));
  },
);

Deno.test("Kernel is ended when a timer of a cell runs for ever", { ignore }, async () => {
  const [first] = await results(["setTimeout(() => { while (true); })"], { timeout: 1 });
  assertEquals(first?.status, "aborted");
});

Deno.test(
  "interrupt() stops the cell that runs, and does nothing when none does",
  { ignore },
  async () => {
    await using kernel = await Kernel.start({ cwd: Deno.cwd() });
    await kernel.interrupt();
    const begun = Promise.withResolvers<void>();
    const execution = kernel.execute(`console.log("begun"); while (true);`, {
      onOutput: () => begun.resolve(),
    });
    await begun.promise;
    await kernel.interrupt();
    assertEquals((await execution).error?.ename, "Interrupted");
    assertEquals((await kernel.execute("1")).status, "ok");
  },
);

Deno.test("Kernel tells of its end when a cell exits", { ignore }, async () => {
  const [first, second] = await results([
    `console.log("last words"); await new Promise((r) => setTimeout(r, 100)); Deno.exit(3)`,
    "1",
  ]);
  assertEquals(first?.status, "aborted");
  assertEquals(first?.error?.evalue, "The kernel exited with code 3");
  assertEquals(streamText(first), "last words\n");
  assertEquals(second?.status, "aborted");
});

Deno.test("Kernel tells of its end when a timer of an earlier cell exits", { ignore }, async () => {
  const [first, second] = await results([
    `import process from "node:process"; setTimeout(() => process.exit(4), 300);\n1`,
    "await new Promise((resolve) => setTimeout(resolve, 5000))",
  ]);
  assertEquals([first?.status, second?.error?.evalue], ["ok", "The kernel exited with code 4"]);
});

Deno.test("executeCell() tells of the kernel's end when it comes behind a cell that imports", {
  ignore,
}, async () => {
  const reading = { imports: [{ source: "./slow.ts", names: ["x"], attributes: {} }] };
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(
    `${folder.path}/slow.ts`,
    "export const x = await new Promise(() => {});",
  );
  await using kernel = await Kernel.start({ cwd: folder.path });
  // The cell itself is done; the question about its imports waits for a module, and the kernel exits meanwhile.
  const result = await executeCell(kernel, `/* import */ setTimeout(() => Deno.exit(6), 300);\n0`, {
    reading,
  });
  assertEquals([result.status, result.error?.evalue], ["aborted", "The kernel exited with code 6"]);
});

Deno.test(
  "Kernel tells of its end when it is killed in the midst of a cell",
  { ignore },
  async () => {
    await using kernel = await Kernel.start({ cwd: Deno.cwd() });
    const begun = Promise.withResolvers<void>();
    const execution = kernel.execute(`console.log(1); while (true);`, {
      onOutput: () => begun.resolve(),
    });
    await begun.promise;
    Deno.kill(kernel.pid, "SIGKILL");
    const { status, error } = await execution;
    assertEquals([status, error?.evalue], ["aborted", "The kernel was killed by SIGKILL"]);
  },
);

Deno.test("Kernel tells of its end when the process crashes", { ignore }, async () => {
  const [result] = await results([`(await import("node:process")).abort()`], { timeout: 30 });
  assertEquals([result?.status, result?.error?.ename], ["aborted", "KernelStopped"]);
  assertStringIncludes(result?.error?.evalue ?? "", "The kernel was killed by SIG");
});

Deno.test("Kernel is ended when a cell shows more than the limit", { ignore }, async () => {
  await using kernel = await Kernel.start({ cwd: Deno.cwd(), outputLimit: 5_000_000 });
  assertEquals((await kernel.execute(`console.log("x".repeat(4_000_000))`)).status, "ok");
  const { status, error, outputs } = await kernel.execute(
    `for (;;) console.log("x".repeat(1_000_000))`,
    {
      timeout: 60,
    },
  );
  assertEquals([status, error?.evalue], ["aborted", "The cell showed more than 5000000 bytes"]);
  assert(JSON.stringify(outputs).length < 6_000_000);
});

Deno.test("Kernel keeps 50 MB of output in one piece", { ignore }, async () => {
  const [result] = await results([`for (let i = 0; i < 50; i++) console.log("x".repeat(999_999))`]);
  assertEquals(result?.status, "ok");
  assertEquals(streamText(result).length, 50_000_000);
});

Deno.test(
  "Kernel reports a broadcast that is no proper message, and goes on",
  { ignore },
  async () => {
    const [first, second] = await results([
      `Deno.jupyter.broadcast("display_data", { data: 5 })`,
      "1",
    ]);
    assertStringIncludes(first?.error?.evalue ?? "", "Cannot show a message of type display_data");
    assertEquals(second?.status, "ok");
  },
);

Deno.test(
  "Kernel runs cells one after another, also when all are handed in at once",
  { ignore },
  async () => {
    await using kernel = await Kernel.start({ cwd: Deno.cwd() });
    const all = await Promise.all([1, 2, 3].map((i) => kernel.execute(`console.log(${i})`)));
    assertEquals(all.map(streamText), ["1\n", "2\n", "3\n"]);
  },
);

Deno.test(
  "Kernel.start() tries other ports when someone has taken the first",
  { ignore },
  async () => {
    const listen = Deno.listen;
    using taken = listen({ hostname: "127.0.0.1", port: 0 });
    let calls = 0;
    const stub = (options: Deno.TcpListenOptions) => {
      if (++calls > 1) return listen(options);
      // The port is told as free, but is not.
      const listener = listen(options);
      return { addr: taken.addr, close: () => listener.close() };
    };
    Object.defineProperty(Deno, "listen", { value: stub, configurable: true, writable: true });
    try {
      await using kernel = await Kernel.start({ cwd: Deno.cwd() });
      assertEquals((await kernel.execute("1")).status, "ok");
      assertEquals(calls, 10);
    } finally {
      Object.defineProperty(Deno, "listen", { value: listen, configurable: true, writable: true });
    }
  },
);

Deno.test("close() does not wait for a process that a cell has started", { ignore }, async () => {
  await using kernel = await Kernel.start({ cwd: Deno.cwd() });
  const result = await kernel.execute(`
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", "setTimeout(() => {}, 1e6)"] }).spawn();
    console.log(child.pid)`);
  await kernel.close();
  const pid = Number(streamText(result));
  assert(pid > 0 && isAlive(pid));
  Deno.kill(pid, "SIGKILL");
});

Deno.test("close() may be called twice, and ends the cell that runs", { ignore }, async () => {
  await using kernel = await Kernel.start({ cwd: Deno.cwd() });
  const execution = kernel.execute("await new Promise(() => {})");
  await kernel.close();
  await kernel.close();
  assertEquals((await execution).error?.evalue, "The kernel was closed");
  assert(!isAlive(kernel.pid));
});

Deno.test("Kernel.start() refuses a folder that does not exist", { ignore }, async () => {
  await assertRejects(
    () => Kernel.start({ cwd: "/there/is/no/such/folder" }),
    Deno.errors.NotFound,
  );
});

Deno.test(
  "No kernel stays behind when the process that started it is killed",
  { ignore },
  async () => {
    const module = import.meta.resolve("../../../kit/kernel/mod.ts");
    const code =
      `import { Kernel } from "${module}"; const kernel = await Kernel.start({ cwd: Deno.cwd() });
    console.log(kernel.pid); await new Promise((r) => setTimeout(r, 1e6));`;
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/main.ts`, code);
    const config = new URL("../../../deno.json", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "--config", config, "-A", `${folder.path}/main.ts`],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await reader.read()).value));
    assert(pid > 0 && isAlive(pid));
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    assert(await eventually(() => !isAlive(pid)));
  },
);
