import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { runDeno } from "../../../kit/cells/mod.ts";
import { mayRun } from "../check/project.ts";

const tasks = ["build", "check", "slides", "start"];
const ignore = !mayRun;

function run(task: string, ...args: string[]) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      fileURLToPath(new URL(`../../../kit/tasks/${task}.ts`, import.meta.url)),
      ...args,
    ],
    env: { NO_COLOR: "1" },
  }).output();
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test({
  name:
    "every task prints how it is called for --help, and refuses a wrong option with the same and status 2",
  ignore,
  async fn() {
    for (const task of tasks) {
      const helped = await run(task, "--help");
      assertEquals([task, helped.code], [task, 0]);
      assertStringIncludes(text(helped.stdout), `Usage: deno task ${task}`);
      const refused = await run(task, "--nonsense");
      assertEquals([task, refused.code, text(refused.stdout)], [task, 2, ""]);
      assertStringIncludes(
        text(refused.stderr),
        `Unknown option '--nonsense'\n\nUsage: deno task ${task}`,
      );
    }
  },
});

Deno.test({
  name:
    "tasks refuse names of no notebook, ports that are none, and options that exclude each other, with status 2",
  ignore,
  async fn() {
    const calls = [["build", "no_such"], ["slides", "no_such"], ["start", "--port", "http"], [
      "build",
      "--force",
      "--verify",
    ], ["build", "--publish", "--verify"]];
    for (const [task = "", ...args] of calls) {
      assertEquals([args, (await run(task, ...args)).code], [args, 2]);
    }
  },
});

Deno.test({
  name: "the tasks stop at once on another Deno, and say what to type",
  ignore,
  async fn() {
    const module = new URL("../../../kit/tasks/require_deno.ts", import.meta.url).href;
    // The version is made up in the same process before the module is loaded.
    const pretend = (version: string) =>
      runDeno([
        "eval",
        `Object.defineProperty(Deno, "version", { value: { deno: "${version}" } }); await import("${module}");`,
      ]);
    for (const version of ["2.8.1", "3.0.0", "2.90.0", "1.2.9"]) {
      const { success, stderr } = await pretend(version);
      assertEquals([success, stderr], [
        false,
        `Fewer Bytes needs Deno 2.9; this is ${version}. Type: npx --yes deno@2.9.6 task start\n`,
      ]);
    }
    assertEquals((await pretend("2.9.0")).success, true);
  },
});
