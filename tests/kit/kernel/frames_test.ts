import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import {
  encodePacket,
  greeting,
  type Packet,
  PacketDecoder,
  ready,
} from "../../../kit/kernel/frames.ts";

/** Frames of all the sizes that matter: none, short, and around the limit of the short form. */
const frame = fc.oneof(
  fc.uint8Array({ maxLength: 8 }),
  fc.integer({ min: 250, max: 260 }).map((length) => new Uint8Array(length).fill(length % 251)),
);
const message = fc.array(frame, { minLength: 1, maxLength: 5 }).map((frames) => ({
  command: false,
  frames,
}));

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function decode(chunks: readonly Uint8Array[]): Packet[] {
  const decoder = new PacketDecoder();
  return chunks.flatMap((chunk) => decoder.push(chunk));
}

Deno.test("encodePacket() writes the bytes that RFC 23 shows for a short message of two frames", () => {
  const bytes = encodePacket({ command: false, frames: [new Uint8Array([7]), new Uint8Array([])] });
  assertEquals(bytes, new Uint8Array([1, 1, 7, 0, 0]));
});

Deno.test("encodePacket() writes the length of a frame of 256 bytes in 8 bytes", () => {
  const bytes = encodePacket({ command: false, frames: [new Uint8Array(256)] });
  assertEquals([...bytes.subarray(0, 9)], [2, 0, 0, 0, 0, 0, 0, 1, 0]);
  assertEquals(bytes.length, 265);
});

Deno.test("ready() is the command of RFC 23, byte for byte", () => {
  const expected = "\x04\x1a\x05READY\x0bSocket-Type\x00\x00\x00\x04PAIR";
  assertEquals(ready("PAIR"), new TextEncoder().encode(expected));
});

Deno.test("PacketDecoder gives back every message, wherever the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 300 })),
      (messages, sizes) => {
        const stream = concat([greeting(), ready("PUB"), ...messages.map(encodePacket)]);
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < stream.length;) {
          const size = sizes.next().value as number;
          chunks.push(stream.slice(at, at + size));
          at += size;
        }
        const [command, ...rest] = decode(chunks);
        assert(command?.command);
        assertEquals(rest, messages);
      },
    ),
  );
});

Deno.test("PacketDecoder gives back a message that is cut at each single place", () => {
  const sent = {
    command: false,
    frames: [new Uint8Array([1, 2]), new Uint8Array(300).fill(3), new Uint8Array()],
  };
  const stream = concat([greeting(), encodePacket(sent)]);
  for (let at = 0; at <= stream.length; at++) {
    assertEquals(decode([stream.slice(0, at), stream.slice(at)]), [sent]);
  }
});

Deno.test("PacketDecoder keeps what it has given when its memory is used again", () => {
  const decoder = new PacketDecoder();
  decoder.push(greeting());
  const first = decoder.push(
    encodePacket({ command: false, frames: [new Uint8Array(1000).fill(1)] }),
  );
  for (let i = 0; i < 300; i++) {
    decoder.push(encodePacket({ command: false, frames: [new Uint8Array(1000).fill(2)] }));
  }
  assertEquals(first[0]?.frames[0], new Uint8Array(1000).fill(1));
});

Deno.test("PacketDecoder refuses a peer that does not speak ZMTP 3, unknown flags, and frames beyond its limit", () => {
  assertThrows(
    () => decode([new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n".repeat(3))]),
    SyntaxError,
    "ZMTP 3",
  );
  assertThrows(
    () => decode([greeting(), new Uint8Array([8, 0])]),
    SyntaxError,
    "current value is 8",
  );
  const long = encodePacket({ command: false, frames: [new Uint8Array(2000)] });
  const decoder = new PacketDecoder(1999);
  decoder.push(greeting());
  assertThrows(
    () => decoder.push(long.slice(0, 9)),
    SyntaxError,
    "at most 1999 bytes: current value is 2000",
  );
});
