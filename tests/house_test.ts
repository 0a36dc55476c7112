/** The layout of the house, held by tests: which room may import which. */
import { assert, assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };

/** The rooms of lib/ in their order: each imports only from those before it. */
const rooms = [
  "units",
  "numeric",
  "catalog",
  "transformer",
  "roofline",
  "lm",
  "quantization",
  "sparsity",
  "attention",
  "cache",
  "decoding",
  "paging",
  "serving",
  "disaggregation",
  "memory",
  "pim",
  "offload",
  "experts",
  "training",
  "claims",
  "figures",
];
const root = new URL("../", import.meta.url);
const mayRead = (await Deno.permissions.query({ name: "read" })).state === "granted";

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* sources(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".ts")) yield new URL(entry.name, folder);
  }
}

/** Each import of a file under a folder: who imports, and what, as paths from the root or bare names. */
async function imports(folder: string): Promise<{ from: string; to: string }[]> {
  const found: { from: string; to: string }[] = [];
  for await (const file of sources(new URL(folder, root))) {
    const code = (await Deno.readTextFile(file)).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    for (const [, specifier] of code.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
      const to = specifier!.startsWith(".")
        ? new URL(specifier!, file).pathname.slice(root.pathname.length)
        : specifier!;
      found.push({ from: file.pathname.slice(root.pathname.length), to });
    }
  }
  return found;
}

Deno.test({
  name: "a room of lib/ imports only from data/, packages, itself and earlier rooms",
  ignore: !mayRead,
  async fn() {
    const all = await imports("lib/");
    assert(all.length > 100, "the imports were found");
    for (const { from, to } of all) {
      if (
        to.startsWith("data/") ||
        !to.startsWith("lib/") && !/^(kit|tests|node:|@fewer-bytes)/.test(to)
      ) continue;
      const [own, other] = [from, to].map((path) => rooms.indexOf(path.split("/")[1]!));
      assert(
        to.startsWith("lib/") && own! >= other! && other! >= 0,
        `${from} must not import ${to}`,
      );
    }
  },
});

Deno.test({
  name: "a room of lib/ is entered by its mod.ts alone",
  ignore: !mayRead,
  async fn() {
    for (const { from, to } of await imports("lib/")) {
      if (!to.startsWith("lib/") || from.split("/")[1] === to.split("/")[1]) continue;
      assert(
        to.endsWith("/mod.ts"),
        `${from} must not import ${to}: another room is entered by its mod.ts`,
      );
    }
  },
});

Deno.test({
  name: "lib/ touches no file and no network, so that it runs in a browser too",
  ignore: !mayRead,
  async fn() {
    for await (const file of sources(new URL("lib/", root))) {
      const code = (await Deno.readTextFile(file)).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
      assert(!/\bDeno\.|\bfetch\(|\bprocess\./.test(code), file.pathname);
    }
  },
});

Deno.test("every room of lib/ is in the import map, so that learners can import it by name", () => {
  for (const room of rooms) {
    assertEquals(
      (config.imports as Record<string, string>)[`@fewer-bytes/${room}`],
      `./lib/${room}/mod.ts`,
    );
  }
});
