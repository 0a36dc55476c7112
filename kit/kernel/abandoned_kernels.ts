import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { connectionFile, connectionFolder } from "./connection.ts";
import { startLimit } from "./kernel_process.ts";
import { encodeMessage, request } from "./message.ts";
import { within } from "./within.ts";
import { ZmtpSocket } from "./zmtp.ts";

const address = z.object({
  ip: z.literal("127.0.0.1"),
  control_port: z.number().int().min(1).max(65535),
  key: z.string().min(1),
});

/** Asks a kernel to end; whether one has heard it. */
async function shutDown(file: string): Promise<boolean> {
  try {
    const { ip, control_port, key } = address.parse(JSON.parse(await Deno.readTextFile(file)));
    using socket = await ZmtpSocket.connect("DEALER", ip, control_port);
    const message = request(crypto.randomUUID(), "shutdown_request", { restart: false });
    await socket.send(encodeMessage(key, message));
    return await within(socket.receive(), 2) !== undefined;
  } catch {
    // There is no kernel behind this file any more, or it is not ours.
    return false;
  }
}

/**
 * Ends kernels whose owner was killed while they were starting. A kernel that has started ends with its owner; one that
 * had not yet been told whom to watch waits for ever, and its connection file is still there.
 *
 * @param folder where the folders of connection files are
 * @param age how old a file must be, in milliseconds; by default older than any kernel that is starting
 * @returns how many kernels were ended.
 */
export async function endAbandonedKernels(
  { folder = tmpdir(), age = 2 * startLimit }: { folder?: string; age?: number } = {},
): Promise<number> {
  let ended = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory || !name.startsWith(connectionFolder)) continue;
    const path = join(folder, name);
    const written = (await Deno.stat(path).catch(() => undefined))?.mtime;
    if (!written || Date.now() - written.getTime() < age) continue;
    if (await shutDown(join(path, connectionFile))) ended++;
    // Another user's folder stays.
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
  return ended;
}
