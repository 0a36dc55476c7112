import type { Connection } from "./connection.ts";
import { decodeMessage, encodeMessage, type Message, request } from "./message.ts";
import { within } from "./within.ts";
import { ZmtpSocket } from "./zmtp.ts";

/** The kernel has ended, or had to be ended; the message says why. */
export class KernelStopped extends Error {
  override readonly name: string = "KernelStopped";
}

/** The channels on which a client asks. */
export type Channel = "shell" | "control";

/** Where a kernel runs. */
export interface KernelPlace {
  readonly connection: Connection;
  /** The file that tells the kernel of the connection. */
  readonly file: string;
  readonly cwd: string;
  /** For its V8. */
  readonly flags?: string | undefined;
}

/** How long a kernel may take to listen, in milliseconds. */
export const startLimit = 30_000;

/** A running Deno kernel and our connection with it: requests and replies, and whatever it publishes. */
export class KernelProcess {
  /** Settles when the kernel has ended, with the reason. */
  readonly ended: Promise<KernelStopped>;
  readonly pid: number;
  #sockets: Partial<Record<Channel | "iopub", ZmtpSocket>> = {};
  #loops: Promise<void>[] = [];
  #errorReader: ReadableStreamDefaultReader<Uint8Array>;
  #input: WritableStreamDefaultWriter<Uint8Array>;
  #waiting = new Map<string, PromiseWithResolvers<Message>>();
  #reason: KernelStopped | undefined;
  #errors = "";
  #session = crypto.randomUUID();

  private constructor(
    private readonly key: string,
    private readonly child: Deno.ChildProcess,
    private readonly publish: (message: Message, bytes: number) => void,
  ) {
    this.pid = child.pid;
    this.#errorReader = child.stderr.getReader();
    this.#input = child.stdin.getWriter();
    this.ended = this.#end(this.#readErrors());
  }

  /**
   * Starts a kernel in a folder and connects to it.
   *
   * @throws {KernelStopped} when it does not come up.
   */
  static async start(
    { connection, file, cwd, flags = "" }: KernelPlace,
    publish: (message: Message, bytes: number) => void,
  ): Promise<KernelProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", file],
      cwd,
      env: {
        NO_COLOR: "1",
        DENO_NO_UPDATE_CHECK: "1",
        ...(flags !== "" && { DENO_V8_FLAGS: flags }),
      },
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const kernel = new KernelProcess(connection.key, child, publish);
    try {
      const connect = (type: "DEALER" | "SUB", port: number) =>
        kernel.#connect(type, connection.ip, port);
      kernel.#open("iopub", await connect("SUB", connection.iopub_port));
      kernel.#open("shell", await connect("DEALER", connection.shell_port));
      kernel.#open("control", await connect("DEALER", connection.control_port));
      return kernel;
    } catch (error) {
      await kernel.stop(error instanceof Error ? error.message : String(error));
      throw await kernel.ended;
    }
  }

  /**
   * Sends a request; the promise is its reply.
   *
   * @throws {KernelStopped} when the kernel ends before it replies.
   */
  request(channel: Channel, type: string, content: Record<string, unknown>): Promise<Message> {
    const message = request(this.#session, type, content);
    const reply = Promise.withResolvers<Message>();
    if (this.#reason) reply.reject(this.#reason);
    else this.#waiting.set(message.header.msg_id, reply);
    // A failed write means that the kernel is ending, which its end reports.
    this.#sockets[channel]?.send(encodeMessage(this.key, message)).catch(() => {});
    return reply.promise;
  }

  /** Asks the prelude to let go of a cell that waits; one that computes does not hear it. */
  release(): void {
    // A failed write means that the kernel is ending, which its end reports.
    this.#input.write(new Uint8Array(1)).catch(() => {});
  }

  /** Ends the kernel at once, and says why to whoever waits for it. Resolves when nothing of it is left. */
  async stop(reason: string): Promise<void> {
    this.#reason ??= new KernelStopped(reason);
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.ended;
  }

  async #end(errorsRead: Promise<void>): Promise<KernelStopped> {
    const status = await this.child.status;
    for (const socket of Object.values(this.#sockets)) socket.close();
    // A process that a cell has started may hold the pipe open for as long as it likes.
    await within(errorsRead, 0.5);
    await this.#errorReader.cancel();
    await Promise.all(this.#loops);
    await this.#input.close().catch(() => {});
    const how = status.signal
      ? `was killed by ${status.signal}`
      : `exited with code ${status.code}`;
    const said = this.#errors.trim();
    this.#reason ??= new KernelStopped(`The kernel ${how}${said && `: ${said}`}`);
    for (const { reject } of this.#waiting.values()) reject(this.#reason);
    this.#waiting.clear();
    return this.#reason;
  }

  /** Keeps the end of what the kernel says on its own behalf: there it explains a crash. */
  async #readErrors(): Promise<void> {
    const decoder = new TextDecoder();
    for (
      let part = await this.#errorReader.read();
      part.value;
      part = await this.#errorReader.read()
    ) {
      const text = decoder.decode(part.value, { stream: true });
      const lines = (this.#errors + text).split("\n").filter((line) =>
        !/^(Warning "deno jupyter"|Download )/.test(line)
      );
      this.#errors = lines.join("\n").slice(-2000);
    }
  }

  /** Knocks until the kernel listens. */
  async #connect(type: "DEALER" | "SUB", hostname: string, port: number): Promise<ZmtpSocket> {
    for (const started = performance.now();;) {
      try {
        return await ZmtpSocket.connect(type, hostname, port);
      } catch (error) {
        if (this.#reason) throw this.#reason;
        if (performance.now() - started > startLimit) throw error;
        await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, 10))]);
      }
    }
  }

  #open(channel: Channel | "iopub", socket: ZmtpSocket): void {
    this.#sockets[channel] = socket;
    this.#loops.push(this.#listen(channel, socket));
    if (this.#reason) socket.close();
  }

  async #listen(channel: Channel | "iopub", socket: ZmtpSocket): Promise<void> {
    // A connection that breaks is the kernel's end or ours; what cannot be read makes the kernel one we cannot trust.
    const next = () =>
      socket.receive().catch((error) => {
        if (error instanceof SyntaxError) throw error;
        return undefined;
      });
    try {
      for (let frames = await next(); frames; frames = await next()) {
        const message = decodeMessage(this.key, frames);
        if (channel === "iopub") {
          this.publish(
            message,
            frames.reduce((sum, frame) => sum + frame.length, 0),
          );
        } else this.#answer(message);
      }
    } catch (error) {
      this.stop(error instanceof Error ? error.message : String(error));
    }
  }

  #answer(message: Message): void {
    const id = message.parent_header.msg_id ?? "";
    this.#waiting.get(id)?.resolve(message);
    this.#waiting.delete(id);
  }
}
