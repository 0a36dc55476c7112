/**
 * ZMTP 3.0 on the wire: a 64-byte greeting, then frames. A frame is one byte of flags, its length in 1 or 8 bytes, and its
 * body; a message is a run of frames of which all but the last carry the flag `more`.
 *
 * @see https://rfc.zeromq.org/spec/23/
 */
const more = 1, long = 2, command = 4;
const greetingBytes = 64;

/** One message or one command (the handshake, pings), as its frames. */
export interface Packet {
  readonly command: boolean;
  readonly frames: Uint8Array[];
}

/** The greeting of a peer that speaks ZMTP 3.0 and asks for no security (mechanism NULL). */
export function greeting(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(greetingBytes);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(new TextEncoder().encode("NULL"), 12);
  return bytes;
}

/** The command that ends the handshake: it names the type of our socket, such as "DEALER". */
export function ready(socketType: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const value = encoder.encode(socketType);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, value.length);
  const body = [[5], encoder.encode("READY"), [11], encoder.encode("Socket-Type"), length, value];
  return encodePacket({
    command: true,
    frames: [new Uint8Array(body.flatMap((part) => [...part]))],
  });
}

/** The bytes of a message. Frames of more than 255 bytes take the long form. */
export function encodePacket({ command: isCommand, frames }: Packet): Uint8Array<ArrayBuffer> {
  const total = frames.reduce((sum, frame) => sum + frame.length + (frame.length > 255 ? 9 : 2), 0);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  let at = 0;
  frames.forEach((frame, index) => {
    const isLong = frame.length > 255;
    bytes[at] = (index < frames.length - 1 ? more : 0) | (isLong ? long : 0) |
      (isCommand ? command : 0);
    if (isLong) view.setBigUint64(at + 1, BigInt(frame.length));
    else bytes[at + 1] = frame.length;
    at += isLong ? 9 : 2;
    bytes.set(frame, at);
    at += frame.length;
  });
  return bytes;
}

/**
 * Cuts a stream of bytes into packets, wherever the network may have cut it.
 *
 * @throws {SyntaxError} from push() when the bytes are no ZMTP 3 stream, or a frame is longer than the limit.
 */
export class PacketDecoder {
  #bytes = new Uint8Array(1 << 16);
  #start = 0;
  #end = 0;
  #greeted = false;
  #frames: Uint8Array[] = [];

  constructor(private readonly frameLimit = 2 ** 26) {}

  /** Takes the next bytes; returns the packets that they complete. */
  push(chunk: Uint8Array): Packet[] {
    this.#append(chunk);
    if (!this.#greeted && !this.#greet()) return [];
    const packets: Packet[] = [];
    for (let packet = this.#next(); packet !== undefined; packet = this.#next()) {
      packets.push(packet);
    }
    return packets;
  }

  #append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) {
      const pending = this.#bytes.subarray(this.#start, this.#end);
      const room = Math.max(1 << 16, 2 * (pending.length + chunk.length));
      const target = room > this.#bytes.length ? new Uint8Array(room) : this.#bytes;
      target.set(pending);
      this.#bytes = target;
      this.#start = 0;
      this.#end = pending.length;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #greet(): boolean {
    if (this.#end - this.#start < greetingBytes) return false;
    const bytes = this.#bytes.subarray(this.#start);
    if (bytes[0] !== 0xff || bytes[9] !== 0x7f || (bytes[10] ?? 0) < 3) {
      throw new SyntaxError(
        `Cannot read from the kernel: its greeting must be ZMTP 3: current value is ${bytes[10]}`,
      );
    }
    this.#start += greetingBytes;
    return this.#greeted = true;
  }

  /** The next whole packet; frames of an unfinished one are kept. */
  #next(): Packet | undefined {
    while (this.#end - this.#start >= 2) {
      const view = new DataView(this.#bytes.buffer, this.#start, this.#end - this.#start);
      const flags = view.getUint8(0);
      if (flags > 7) {
        throw new SyntaxError(
          `Cannot read from the kernel: a frame's flags must be 0 to 7: current value is ${flags}`,
        );
      }
      const isLong = (flags & long) !== 0;
      if (isLong && view.byteLength < 9) return undefined;
      const length = isLong ? Number(view.getBigUint64(1)) : view.getUint8(1);
      if (length > this.frameLimit) {
        throw new SyntaxError(
          `Cannot read from the kernel: a frame must have at most ${this.frameLimit} bytes: current value is ${length}`,
        );
      }
      const head = isLong ? 9 : 2;
      if (view.byteLength < head + length) return undefined;
      this.#frames.push(this.#bytes.slice(this.#start + head, this.#start + head + length));
      this.#start += head + length;
      if (flags & more) continue;
      const frames = this.#frames;
      this.#frames = [];
      return { command: (flags & command) !== 0, frames };
    }
    return undefined;
  }
}
