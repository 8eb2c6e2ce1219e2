import type { Socket } from "node:net";
import { WebSocket } from "ws";
import type { SentRequest } from "./recorded-answers.ts";

/** Sends what it likes instead of an answer. */
export type Attack = (peer: HostilePeer, request: SentRequest) => void;

const barrier = "all is sent";

/**
 * A daemon's end of a real websocket. It refuses every call politely, but for the one that is attacked; it dials again
 * whenever it was cut off.
 */
export class HostilePeer {
  readonly #url: string;
  readonly #token: string;
  #socket: WebSocket;
  #isOver = false;
  #attacks = new Map<string, Attack>();
  /** How calls are answered that are not attacked; refused where it has nothing. */
  answer: (request: SentRequest) => unknown = () => undefined;
  /** Calls that were left without an answer by an attack wait for ever: then it hangs up. */
  isWaited: () => boolean = () => false;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
    this.#socket = this.#dial();
  }

  /** Attacks the next call of this method. */
  attack(method: string, attack: Attack): void {
    this.#attacks = new Map([[method, attack]]);
  }

  end(): void {
    this.#isOver = true;
    this.#socket.terminate();
  }

  /** A message as the daemon sends them; in frames of this size where that is given. */
  send(data: Buffer | string, { frameBytes = data.length, isBinary = true, isWhole = true } = {}): void {
    const bytes = Buffer.from(data);
    for (let at = 0; at === 0 || at < bytes.length; at += Math.max(1, frameBytes)) {
      const fin = isWhole && at + frameBytes >= bytes.length;
      if (this.#socket.readyState === WebSocket.OPEN)
        this.#socket.send(bytes.subarray(at, at + frameBytes), { binary: isBinary, fin });
    }
  }

  /** Bytes beside the library, which need not be frames. */
  sendRaw(bytes: Buffer): void {
    this.#raw?.write(bytes);
  }

  /** Says that it will send nothing more, and goes on listening. */
  halfClose(): void {
    this.#raw?.end();
  }

  hangUp(code: number): void {
    this.#socket.close(code);
  }

  break(): void {
    this.#socket.terminate();
  }

  get #raw(): Socket | undefined {
    const socket = Reflect.get(this.#socket, "_socket") as Socket | null;
    return socket?.writable ? socket : undefined;
  }

  #dial(): WebSocket {
    const headers = { Authorization: `Scope-Probe token=${this.#token}`, "User-Agent": "fluxd/1.25.4" };
    const socket = new WebSocket(`${this.#url}/v11/daemon`, { headers, perMessageDeflate: false });
    socket.on("error", () => undefined);
    socket.on("message", (data) => this.#take(JSON.parse(String(data)) as SentRequest));
    // Whatever was sent before the ping has been read when its pong comes.
    socket.on("pong", (data) => {
      if (String(data) === barrier && this.isWaited()) socket.terminate();
    });
    socket.on("close", () => {
      if (!this.#isOver) this.#socket = this.#dial();
    });
    return socket;
  }

  #take(request: SentRequest): void {
    const method = request.method.replace("RPCServer.", "");
    const attack = this.#attacks.get(method);
    this.#attacks.delete(method);
    attack?.(this, request);
    const result = attack ? undefined : this.answer(request);
    const error = result === undefined ? refusal : null;
    this.send(`${JSON.stringify({ id: request.id, result: result ?? null, error })}\n`);
    if (attack && this.#socket.readyState === WebSocket.OPEN) this.#socket.ping(barrier);
  }
}

/** What it says where it has no answer. */
const refusal = "not here";
