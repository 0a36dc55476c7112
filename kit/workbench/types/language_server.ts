import { pathToFileURL } from "node:url";
import type { Diagnostic } from "../../check/mod.ts";
import { within } from "../../kernel/within.ts";
import { LanguageProcess, type LanguageProcessOptions } from "./language_process.ts";
import {
  type CompletionItem,
  completionList,
  diagnosticReport,
  hoverAnswer,
  type Position,
  resolvedItem,
} from "./language_protocol.ts";
import { watchModules } from "./watch_modules.ts";

/** Types and nothing else: no linter, no reading of files that no document imports, no names from modules not imported. */
const settings = {
  deno: {
    enable: true,
    lint: false,
    documentPreloadLimit: 0,
    suggest: { imports: { autoDiscover: false, hosts: {} } },
  },
  language: { suggest: { autoImports: false } },
};

/** So many documents are kept open; each one costs memory. */
const openDocuments = 4;
/** How long a check waits for packages to be fetched, in seconds; a later one has them. */
const fetchLimit = 3;

/**
 * Deno's language server: it keeps the types of all modules in memory, so that a change in a document is checked in a
 * tenth of the time that `deno check` takes. Documents need not exist on disk.
 */
export class LanguageServer implements AsyncDisposable {
  /** The text of each open document; the ones used last stand at the end. */
  #documents = new Map<string, { version: number; text: string }>();
  /** Packages are being fetched. */
  #fetching: Promise<unknown> | undefined;
  #watcher: AsyncDisposable | undefined;

  private constructor(private readonly process: LanguageProcess) {}

  /**
   * Starts a language server with the import map and the compiler options of the deno.json in a folder.
   *
   * @throws {Error} when it does not come up.
   */
  static async start(options: LanguageProcessOptions): Promise<LanguageServer> {
    const process = await LanguageProcess.start(
      options,
      (section) => section === "deno" ? settings.deno : settings.language,
    );
    const server = new LanguageServer(process);
    try {
      await server.#initialize(options.root);
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Whether it is no more, by its own fault or because it was ended. */
  get ended(): boolean {
    return this.process.ended;
  }

  /** Makes this the text of a document, which is opened if need be. */
  async update(uri: string, text: string): Promise<void> {
    const known = this.#documents.get(uri);
    const version = (known?.version ?? 0) + 1;
    this.#documents.delete(uri);
    this.#documents.set(uri, { version, text });
    if (!known) {
      const textDocument = { uri, languageId: "typescript", version, text };
      await this.process.notify("textDocument/didOpen", { textDocument });
    } else if (known.text !== text) {
      const textDocument = { uri, version };
      await this.process.notify("textDocument/didChange", {
        textDocument,
        contentChanges: [{ text }],
      });
    }
    for (const oldest of [...this.#documents.keys()].slice(0, -openDocuments)) {
      this.#documents.delete(oldest);
      await this.process.notify("textDocument/didClose", { textDocument: { uri: oldest } });
    }
  }

  /** The errors in a document. Packages that it imports are fetched if need be, as `deno check` does. */
  async diagnose(uri: string): Promise<Diagnostic[]> {
    const ask = async () =>
      diagnosticReport.parse(
        await this.process.request("textDocument/diagnostic", { textDocument: { uri } }),
      ).items.filter(({ severity }) => severity === 1);
    let found = await ask();
    const missing = found.flatMap(({ data }) => data ? [data.specifier] : []);
    if (missing.length > 0) {
      this.#fetching ??= this.process.execute("deno.cache", missing, uri)
        .catch(() => {})
        .finally(() => this.#fetching = undefined);
      await within(this.#fetching, fetchLimit);
      found = await ask();
    }
    return found.map(({ source, code, message, range: { start } }) => ({
      ...(source === "deno-ts" ? { code: `TS${code}`, message } : importProblem(code, message)),
      file: uri,
      line: start.line + 1,
      column: start.character + 1,
    }));
  }

  /** What could stand at a place of a document. */
  async complete(uri: string, position: Position): Promise<CompletionItem[]> {
    const asked = { textDocument: { uri }, position };
    return completionList.parse(await this.process.request("textDocument/completion", asked))
      ?.items ?? [];
  }

  /** The type or signature of a proposal; empty when it has none. */
  async detail(item: CompletionItem): Promise<string> {
    return resolvedItem.parse(await this.process.request("completionItem/resolve", item)).detail ??
      "";
  }

  /** What the name at a place of a document is, as Markdown; undefined when there is none. */
  async hover(uri: string, position: Position): Promise<string | undefined> {
    const asked = { textDocument: { uri }, position };
    return hoverAnswer.parse(await this.process.request("textDocument/hover", asked))?.contents
      .value;
  }

  /** Ends it. Resolves when nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
    await this.#watcher?.[Symbol.asyncDispose]();
  }

  async #initialize(root: string): Promise<void> {
    const uri = pathToFileURL(root).href;
    await this.process.request("initialize", {
      processId: Deno.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "course" }],
      initializationOptions: settings.deno,
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { diagnostic: {}, hover: { contentFormat: ["markdown"] } },
      },
    });
    await this.process.notify("initialized", {});
    // It does not look by itself whether files have changed.
    this.#watcher = watchModules(root, (uris) => {
      const changes = uris.map((uri) => ({ uri, type: 2 }));
      this.process.notify("workspace/didChangeWatchedFiles", { changes }).catch(() => {});
    });
  }
}

/** Deno's own words on an import, as `deno check` has them. */
function importProblem(code: string | number, message: string) {
  const [, missing] = message.match(/^Unable to load a local module: (.*)\n/) ?? [];
  if (missing) return { code: "TS2307", message: `Cannot find module '${missing}'.` };
  return { code: code === "resolver-error" ? "TS2307" : "import", message };
}
