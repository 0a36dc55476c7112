import { createHmac, timingSafeEqual } from "node:crypto";

/** A message of the Jupyter protocol, version 5.3. */
export interface Message {
  readonly header: Header;
  /** The header of the request that this message answers; empty when there is none. */
  readonly parent_header: Partial<Header>;
  readonly metadata: Record<string, unknown>;
  readonly content: Record<string, unknown>;
}

/** What identifies a message. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

const delimiter = "<IDS|MSG>";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A new request, ready to be encoded. */
export function request(session: string, type: string, content: Record<string, unknown>): Message {
  const header: Header = {
    msg_id: crypto.randomUUID(),
    msg_type: type,
    session,
    username: "fewer-bytes",
    date: new Date().toISOString(),
    version: "5.3",
  };
  return { header, parent_header: {}, metadata: {}, content };
}

/** The HMAC-SHA256 of the four signed parts, in hexadecimal. */
export function sign(key: string, parts: readonly Uint8Array[]): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** The frames of a message, signed with the key of the connection. */
export function encodeMessage(key: string, message: Message): Uint8Array[] {
  const parts = [message.header, message.parent_header, message.metadata, message.content]
    .map((part) => encoder.encode(JSON.stringify(part)));
  return [encoder.encode(delimiter), encoder.encode(sign(key, parts)), ...parts];
}

/**
 * Reads a message from its frames, after any routing frames.
 *
 * @throws {SyntaxError} when the frames are no Jupyter message, or the signature is not that of the key.
 */
export function decodeMessage(key: string, frames: readonly Uint8Array[]): Message {
  const at = frames.findIndex((frame) =>
    frame.length === delimiter.length && decoder.decode(frame) === delimiter
  );
  const signature = frames[at + 1];
  const parts = frames.slice(at + 2, at + 6);
  if (at < 0 || signature === undefined || parts.length < 4) {
    throw new SyntaxError(
      `Cannot read a message: it must hold ${delimiter}, a signature and four parts: current value has ${frames.length} frames`,
    );
  }
  const expected = encoder.encode(sign(key, parts));
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new SyntaxError(
      `Cannot accept a message: its signature must be that of the connection's key: current value is ${
        decoder.decode(signature).slice(0, 80)
      }`,
    );
  }
  const [header, parent_header, metadata, content] = parts.map((part) =>
    JSON.parse(decoder.decode(part))
  );
  return { header, parent_header, metadata, content };
}
