import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { ledger } from "@fewer-bytes/claims";
import { runLedger } from "../../../kit/tasks/ledger.ts";

const json = (...args: string[]) => JSON.parse(runLedger([...args, "--json"]).stdout);
const task = new URL("../../../kit/tasks/ledger.ts", import.meta.url);

Deno.test("ledger --json gives exactly eight fields, with numbers that are finite or null", () => {
  const records = json();
  assertEquals(records.length, ledger().length);
  for (const record of records) {
    assertEquals(
      Object.keys(record),
      "id chapter stated derived unit ratio verdict assumptions".split(" "),
    );
    for (const value of [record.stated, record.derived, record.ratio].flat()) {
      assert(value === null || Number.isFinite(value), record.id);
    }
    assert(
      record.assumptions.length > 0 &&
        record.assumptions.every((text: unknown) => typeof text === "string"),
    );
    assertMatch(record.chapter, /^\d\d$/);
  }
});

Deno.test("ledger --json --all gives every claim", () => {
  const records = json("--all");
  assertEquals(records.length, 449);
  assertEquals(new Set(records.map(({ id }: { id: string }) => id)).size, 449);
});

Deno.test("ledger --systems --json gives id, chapter, works and by of every system", () => {
  const records = json("--systems");
  assertEquals(records.length, 279);
  for (const record of records) {
    assertEquals(Object.keys(record), ["id", "chapter", "works", "by"]);
    assertEquals(
      record.works ? typeof record.by : record.by,
      record.works ? "string" : null,
      record.id,
    );
  }
});

Deno.test("ledger --chapter lists one chapter, with or without its zero", () => {
  assertEquals(json("--chapter", "01").length, 28);
  assertEquals(json("--chapter", "2").length, 18);
  assertEquals(json("--systems", "--chapter", "01").length, 14);
  assertStringIncludes(runLedger(["--chapter", "19"]).stdout, "--all");
  assertGreater(json("--chapter", "19", "--all").length, 0);
});

Deno.test("ledger prints each claim with its verdict, in lines that fit, without color", () => {
  const { code, stdout, stderr } = runLedger([], { width: 90, color: false });
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "Chapter 01: 28 claims");
  assertMatch(
    stdout,
    /contradicted +1\.4 x +1\.679 x +1\.199\n {2}c-capacity-1-4x-per-generation: /,
  );
  assert(!stdout.includes("\x1b"));
  assertEquals(stdout.split("\n").filter((line) => line.length > 90), []);
});

Deno.test("ledger colors verdicts on a terminal, and changes nothing else", () => {
  const colored = runLedger([], { width: 90, color: true }).stdout;
  assertStringIncludes(colored, "\x1b[31mcontradicted\x1b[0m");
  // deno-lint-ignore no-control-regex
  const plain = colored.replaceAll(/\x1b\[\d+m/g, "");
  assertEquals(plain, runLedger([], { width: 90, color: false }).stdout);
});

Deno.test("ledger --systems prints a table that counts what works", () => {
  const { stdout } = runLedger(["--systems"]);
  assertMatch(stdout, /^\d+ of 279 systems are modeled\n/);
  assertMatch(stdout, /kv-cache-survey +no +a survey\n/);
  assertMatch(stdout, /01 +yalm +no +no efficiency of each of its optimizations\n/);
  assertMatch(stdout, /02 +kv-cache +yes +cacheBytes\n/);
});

Deno.test("ledger answers --help on stdout, and what it does not know on stderr with exit code 2", () => {
  const help = runLedger(["--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assertStringIncludes(help.stdout, "Usage: deno task ledger");
  for (
    const args of [["--verbose"], ["01"], ["--chapter"], ["--chapter", "77"], ["--chapter", ""]]
  ) {
    const { code, stdout, stderr } = runLedger(args);
    assertEquals([code, stdout], [2, ""], args.join(" "));
    assertStringIncludes(stderr, "Usage: deno task ledger");
  }
  assertStringIncludes(runLedger(["--verbose"]).stderr, "'--verbose'");
});

Deno.test({
  name: "ledger ends quietly when its reader goes away, and exits with 2 on an unknown option",
  ignore: Deno.permissions.querySync({ name: "run", command: Deno.execPath() }).state !== "granted",
  async fn() {
    const start = (...args: string[]) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", task.pathname, ...args],
        stdout: "piped",
        stderr: "piped",
      })
        .spawn();
    const left = start("--all", "--json"); // more than a pipe holds
    await left.stdout.cancel();
    const message = await new Response(left.stderr).text();
    assertEquals([(await left.status).code, message.includes("at "), message.includes("rror")], [
      0,
      false,
      false,
    ]);
    const misused = await start("--verbose").output();
    assertEquals(misused.code, 2);
    const piped = await start().output();
    assert(!new TextDecoder().decode(piped.stdout).includes("\x1b"));
  },
});
