import type { ClientMessage, ServerMessage } from "../protocol.ts";

/**
 * How it stands with the server. `lost`: it is tried again. `refused`: the server is there and does not know this page,
 * as it was started again.
 */
export type ConnectionState = "connecting" | "open" | "lost" | "refused";

export interface ConnectionHandlers {
  readonly onState: (state: ConnectionState) => void;
  readonly onMessage: (message: ServerMessage) => void;
}

/** What a session needs of a connection. */
export interface Link {
  readonly state: ConnectionState;
  /** Whether it was sent. */
  send(message: ClientMessage): boolean;
}

/** Milliseconds to wait before the next try: half a second, then twice as long each time, up to 8 seconds. */
export function reconnectDelay(tries: number): number {
  return Math.min(500 * 2 ** tries, 8000);
}

/** The WebSocket of an open chapter, which is opened again whenever it is lost. */
export class Connection implements Link {
  #socket: WebSocket | undefined;
  #state: ConnectionState = "connecting";
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly path: string, private readonly handlers: ConnectionHandlers) {
    const retry = () => {
      if (this.#state !== "open" && this.#timer !== undefined) this.#open();
    };
    // No need to wait when the network comes back, or the reader.
    addEventListener("online", retry);
    addEventListener("focus", retry);
    this.#open();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  send(message: ClientMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    this.handlers.onState(state);
  }

  #open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = new WebSocket(new URL(this.path, location.href.replace(/^http/, "ws")));
    let opened = false;
    this.#socket = socket;
    socket.onopen = () => {
      opened = true;
      this.#tries = 0;
      this.#set("open");
    };
    socket.onmessage = ({ data }) => this.handlers.onMessage(JSON.parse(data));
    socket.onclose = async () => {
      const refused = !opened && await isRefused();
      this.#set(refused ? "refused" : "lost");
      this.#timer = setTimeout(() => this.#open(), reconnectDelay(this.#tries++));
    };
  }
}

/** A socket that fails does not say why; another request does. */
async function isRefused(): Promise<boolean> {
  try {
    return (await fetch("/api/course")).status === 403;
  } catch {
    return false;
  }
}
