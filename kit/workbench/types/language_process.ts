import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import type { MessageConnection } from "vscode-jsonrpc/node";
import { within } from "../../kernel/within.ts";

export interface LanguageProcessOptions {
  /** The folder in which it runs. */
  readonly root: string;
  /** The program and its arguments; this same Deno's language server by default. */
  readonly command?: readonly string[] | undefined;
  /** How long it may take to answer, in seconds; one that takes longer is ended. One minute by default. */
  readonly limit?: number | undefined;
}

/** Garbage goes sooner: that saves a tenth of the memory, and costs no time that could be measured. */
const frugal = "--max-semi-space-size=4";

/**
 * A language server as a process, and the messages to and from it, framed as the Language Server Protocol has them.
 *
 * It ends with whoever started it, since it ends when its input is closed.
 */
export class LanguageProcess implements AsyncDisposable {
  #closed = Promise.withResolvers<void>();
  #ended = false;

  private constructor(
    private readonly child: ChildProcess & { stdin: Writable },
    private readonly connection: MessageConnection,
    private readonly limit: number,
  ) {
    child.once("error", () => this.#end());
    child.once("close", () => this.#end());
    // It does not listen any more, or what it says cannot be understood.
    child.stdin.on("error", () => this.#kill());
    connection.onError(() => this.#kill());
  }

  /**
   * Starts the program. Whether it works shows when it is asked something.
   *
   * @param configuration answers what the server asks for, by the name of the section
   */
  static async start(
    { root, command = [Deno.execPath(), "lsp", "--quiet"], limit = 60 }: LanguageProcessOptions,
    configuration: (section?: string) => unknown,
  ): Promise<LanguageProcess> {
    // Only now, as it looks into the environment, which tests may not.
    const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = await import(
      "vscode-jsonrpc/node"
    );
    const [program = "", ...args] = command;
    const quiet = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
    const env = { DENO_V8_FLAGS: frugal, ...Deno.env.toObject(), ...quiet };
    const child = spawn(program, args, { cwd: root, stdio: ["pipe", "pipe", "ignore"], env });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const process = new LanguageProcess(child, connection, limit);
    connection.onRequest(
      "workspace/configuration",
      ({ items }: ConfigurationQuestion) => items.map(({ section }) => configuration(section)),
    );
    connection.listen();
    return process;
  }

  /** Whether it is no more, by its own fault or because it was ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Asks for something and waits for the answer.
   *
   * @throws {Error} when there is none: it refuses, it has ended, or it is ended now as it took too long.
   */
  async request(method: string, parameters: object): Promise<unknown> {
    if (this.#ended) throw new Error(`Cannot ask for ${method}: the language server has ended`);
    // An answer may be null, but never undefined.
    const answer = await within(this.connection.sendRequest(method, parameters), this.limit);
    if (answer !== undefined) return answer;
    this.#kill();
    throw new Error(
      `Cannot wait for ${method} as the answer must come within ${this.limit} s: the language server was ended`,
    );
  }

  /** Has a command executed, which may take as long as it likes. */
  async execute(command: string, ...parameters: unknown[]): Promise<unknown> {
    const asked = { command, arguments: parameters };
    return await this.connection.sendRequest("workspace/executeCommand", asked);
  }

  /** Tells something that has no answer. */
  async notify(method: string, parameters: object): Promise<void> {
    if (!this.#ended) await this.connection.sendNotification(method, parameters);
  }

  /** Ends it. Resolves when nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill();
    await this.#closed.promise;
  }

  #kill(): void {
    this.#ended = true;
    this.child.kill("SIGKILL");
  }

  /** Refuses the questions that are open. */
  #end(): void {
    this.#ended = true;
    this.connection.dispose();
    this.#closed.resolve();
  }
}

interface ConfigurationQuestion {
  readonly items: readonly { readonly section?: string }[];
}
