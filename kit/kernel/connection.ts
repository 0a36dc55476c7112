/** How a client and a kernel find and trust each other: Jupyter's connection file. */
export interface Connection {
  readonly transport: "tcp";
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  readonly signature_scheme: "hmac-sha256";
  /** The secret that signs every message. Whoever has it can run code: keep it out of logs. */
  readonly key: string;
}

/** A connection on this machine over ports that are free now, with a new key. */
export function newConnection(): Connection {
  const ip = "127.0.0.1";
  // All are held until the last is known, so that they differ.
  const listeners = Array.from({ length: 5 }, () => Deno.listen({ hostname: ip, port: 0 }));
  const [shell_port = 0, iopub_port = 0, control_port = 0, stdin_port = 0, hb_port = 0] = listeners
    .map(({ addr }) => addr.port);
  listeners.forEach((listener) => listener.close());
  const key = crypto.randomUUID() + crypto.randomUUID();
  const ports = { shell_port, iopub_port, control_port, stdin_port, hb_port };
  return { transport: "tcp", ip, ...ports, signature_scheme: "hmac-sha256", key };
}

/** How the folders of connection files are called, in the system's folder for temporary files. */
export const connectionFolder = "fewer-bytes-kernel-";
/** The name of a connection file in its folder. */
export const connectionFile = "connection.json";

/** Hands a connection file to the body and removes it afterwards. Only this user can read it. */
export async function withConnectionFile<T>(
  connection: Connection,
  body: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: connectionFolder });
  try {
    const path = `${folder}/${connectionFile}`;
    await Deno.writeTextFile(path, JSON.stringify(connection), { mode: 0o600 });
    return await body(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
