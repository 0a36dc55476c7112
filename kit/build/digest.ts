import { createHash } from "node:crypto";

/** A short fingerprint of a text or of bytes: eight hexadecimal digits, enough to notice a change. */
export function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 8);
}
