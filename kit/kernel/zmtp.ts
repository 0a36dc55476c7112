import { encodePacket, greeting, PacketDecoder, ready } from "./frames.ts";

/** The kinds of ZeroMQ socket that a Jupyter client needs. */
export type SocketType = "DEALER" | "SUB";

/**
 * One ZeroMQ socket with one peer: ZMTP 3.0 without security over TCP. It waits for no one: messages that nobody has
 * asked for yet are kept in order.
 */
export class ZmtpSocket implements Disposable {
  #decoder = new PacketDecoder();
  #chunk = new Uint8Array(1 << 16);
  #arrived: Uint8Array[][] = [];
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(private readonly connection: Deno.TcpConn) {}

  /** Connects and shakes hands. A SUB socket subscribes to everything. */
  static async connect(type: SocketType, hostname: string, port: number): Promise<ZmtpSocket> {
    const connection = await Deno.connect({ hostname, port });
    connection.setNoDelay();
    const socket = new ZmtpSocket(connection);
    try {
      await socket.#write(greeting());
      await socket.#write(ready(type));
      await socket.#read(true);
      if (type === "SUB") await socket.send([new Uint8Array([1])]);
      return socket;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Sends one message. */
  async send(frames: Uint8Array[]): Promise<void> {
    await this.#write(encodePacket({ command: false, frames }));
  }

  /** The frames of the next message; undefined when the peer has closed the connection. */
  receive(): Promise<Uint8Array[] | undefined> {
    return this.#read(false);
  }

  close(): void {
    try {
      this.connection.close();
    } catch {
      // It is closed already.
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #read(handshake: boolean): Promise<Uint8Array[] | undefined> {
    while (true) {
      const message = this.#arrived.shift();
      if (message) return message;
      const count = await this.connection.read(this.#chunk);
      if (count === null) return undefined;
      let commands = 0;
      for (const packet of this.#decoder.push(this.#chunk.subarray(0, count))) {
        if (packet.command) commands++;
        else this.#arrived.push(packet.frames);
      }
      if (handshake && commands > 0) return [];
    }
  }

  /** Writes one after another, as a message may take several writes and must stay in one piece. */
  #write(bytes: Uint8Array): Promise<void> {
    const written = this.#writing.then(async () => {
      for (let at = 0; at < bytes.length;) at += await this.connection.write(bytes.subarray(at));
    });
    this.#writing = written.catch(() => {});
    return written;
  }
}
