import { assertEquals, assertRejects } from "@std/assert";
import { encodePacket, greeting, PacketDecoder, ready } from "../../../kit/kernel/frames.ts";
import { ZmtpSocket } from "../../../kit/kernel/zmtp.ts";

const ignore = Deno.permissions.querySync({ name: "net" }).state !== "granted";

/** A peer on a free port that does what the body says with the first connection. */
function peer(
  body: (connection: Deno.Conn) => Promise<void>,
): { port: number; done: Promise<void> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const done = (async () => {
    using connection = await listener.accept();
    listener.close();
    await body(connection);
  })();
  return { port: listener.addr.port, done };
}

Deno.test(
  "ZmtpSocket reads a message that arrives byte by byte, handshake included",
  { ignore },
  async () => {
    const frames = [new Uint8Array([1, 2, 3]), new Uint8Array(300).fill(9)];
    const { port, done } = peer(async (connection) => {
      for (const part of [greeting(), ready("ROUTER"), encodePacket({ command: false, frames })]) {
        for (const byte of part) await connection.write(new Uint8Array([byte]));
      }
    });
    using socket = await ZmtpSocket.connect("DEALER", "127.0.0.1", port);
    assertEquals(await socket.receive(), frames);
    assertEquals(await socket.receive(), undefined);
    await done;
  },
);

Deno.test(
  "ZmtpSocket keeps large messages whole when they are sent at the same time",
  { ignore },
  async () => {
    const messages = [1, 2, 3].map((fill) => [new Uint8Array(3_000_000).fill(fill)]);
    const received: Uint8Array[][] = [];
    const { port, done } = peer(async (connection) => {
      await connection.write(greeting());
      await connection.write(ready("PUB"));
      const decoder = new PacketDecoder();
      const chunk = new Uint8Array(100_000);
      while (received.length < 4) {
        const count = await connection.read(chunk) ?? 0;
        for (const packet of decoder.push(chunk.subarray(0, count))) {
          if (!packet.command) received.push(packet.frames);
        }
      }
    });
    using socket = await ZmtpSocket.connect("SUB", "127.0.0.1", port);
    await Promise.all(messages.map((frames) => socket.send(frames)));
    await done;
    const subscription = [new Uint8Array([1])];
    assertEquals(received, [subscription, ...messages]);
  },
);

Deno.test("ZmtpSocket.connect() refuses a peer that does not speak ZMTP", { ignore }, async () => {
  const { port, done } = peer(async (connection) => {
    await connection.write(new TextEncoder().encode("SSH-2.0-OpenSSH\r\n".repeat(5)));
  });
  await assertRejects(() => ZmtpSocket.connect("DEALER", "127.0.0.1", port), SyntaxError, "ZMTP 3");
  await done;
});
