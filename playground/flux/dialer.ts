import { WebSocket } from "ws";
import { TimerGroup } from "../kit/timers.ts";

export interface DialerOptions {
  /** As given to `--connect`. */
  connect: string;
  token: string;
  protocol: number;
  userAgent: string;
  /** Milliseconds before the next dial; 5000 as in the real daemon. */
  redialMs: number;
  /** Frames of this size; 4096 as in the real daemon. */
  frameBytes: number;
  answersPings(): boolean;
  onOpen(): void;
  onBytes(bytes: Buffer): void;
  onClose(): void;
  /** Resolves when no call is at work any more: only then it dials again (flux-rpc §1.8). */
  idle(): Promise<void>;
}

/** `--connect` and a route joined: scheme swapped, slashes cleaned, query dropped (flux-rpc §1.2). */
export function endpointUrl(connect: string, kind: "ws" | "http", route: string): string {
  const base = new URL(connect);
  const secure = base.protocol === "wss:" || base.protocol === "https:";
  if (!["ws:", "wss:", "http:", "https:"].includes(base.protocol))
    throw new Error(`unsupported scheme ${base.protocol.slice(0, -1)}`);
  const path = `${base.pathname}/${route}`.replace(/\/+/g, "/");
  return `${kind}${secure ? "s" : ""}://${base.host}${path}`;
}

/** The daemon's end of the websocket: dials, pings, splits, and dials again (flux-rpc §1). */
export class Dialer {
  /** Answered 410: the process would have ended. */
  expelled = false;
  readonly #options: DialerOptions;
  #timers = new TimerGroup();
  #socket: WebSocket | undefined;
  #stopped = true;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  start(): void {
    this.#stopped = false;
    this.#dial();
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.close();
    this.#timers = new TimerGroup();
    this.#socket?.close(1000, "ok");
    this.#socket?.terminate();
  }

  /** Sends one message, in continuation frames where it is long. */
  send(bytes: Buffer): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    const { frameBytes } = this.#options;
    for (let at = 0; at === 0 || at < bytes.length; at += frameBytes) {
      const fin = at + frameBytes >= bytes.length;
      socket.send(bytes.subarray(at, at + frameBytes), { binary: true, fin });
    }
  }

  sendText(text: string): void {
    this.#socket?.send(text, { binary: false });
  }

  /** Ends politely, as after bytes that are no JSON. */
  hangUp(): void {
    this.#socket?.close(1000, "ok");
  }

  /** Breaks the connection without a word. */
  break(): void {
    this.#socket?.terminate();
  }

  #dial(): void {
    const { connect, token, protocol, userAgent } = this.#options;
    const headers: Record<string, string> = { "User-Agent": userAgent };
    if (token !== "") headers.Authorization = `Scope-Probe token=${token}`;
    const socket = new WebSocket(endpointUrl(connect, "ws", `v${protocol}/daemon`), {
      headers,
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
      rejectUnauthorized: false,
      autoPong: false,
    });
    this.#socket = socket;
    socket.on("unexpected-response", (_request, response) => {
      this.expelled = response.statusCode === 410;
      socket.terminate();
    });
    socket.on("error", () => undefined);
    socket.on("ping", (data) => {
      if (this.#options.answersPings()) socket.pong(data);
    });
    socket.on("open", () => this.#keepAlive(socket));
    socket.on("message", (data, isBinary) => {
      if (isBinary) this.#options.onBytes(data as Buffer);
    });
    socket.on("close", () => void this.#ended(socket));
  }

  /** Pings every 13.33 s; closes after 30 s without pong or bytes (flux-rpc §1.7). */
  #keepAlive(socket: WebSocket): void {
    let lastSign = Date.now();
    const onSign = (): void => {
      lastSign = Date.now();
    };
    socket.on("pong", onSign);
    socket.on("message", (_data, isBinary) => isBinary && onSign());
    this.#timers.every(13_333, () => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (Date.now() - lastSign >= 30_000) socket.close(1000, "ok");
      else socket.ping();
    });
    this.#options.onOpen();
  }

  async #ended(socket: WebSocket): Promise<void> {
    if (this.#socket !== socket) return;
    this.#timers.close();
    this.#timers = new TimerGroup();
    this.#options.onClose();
    await this.#options.idle();
    if (this.#stopped || this.expelled) return;
    this.#timers.after(this.#options.redialMs, () => this.#dial());
  }
}
