/** A server that listens. */
export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly finished: Promise<void>;
}

export interface ListenOptions {
  /** The port to listen on. */
  readonly port: number;
  /** Whether the next ports are tried when it is taken. */
  readonly orNext?: boolean;
  readonly signal?: AbortSignal;
}

/** How many ports are tried. */
const attempts = 50;

/**
 * Listens on this machine alone.
 *
 * @throws {Deno.errors.AddrInUse} when the port is taken, and with `orNext` the next ones too.
 */
export function listen(
  handler: (request: Request) => Response | Promise<Response>,
  { port, orNext = false, signal }: ListenOptions,
): Listening {
  const hostname = "127.0.0.1";
  for (let attempt = 0;; attempt++) {
    try {
      const options = { hostname, port: port + attempt, onListen() {}, ...(signal && { signal }) };
      const server = Deno.serve(options, handler);
      return {
        url: `http://${hostname}:${server.addr.port}/`,
        finished: server.finished,
        [Symbol.asyncDispose]: () => server.shutdown(),
      };
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || !orNext || attempt === attempts) throw error;
    }
  }
}
