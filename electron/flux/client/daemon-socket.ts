import type { WebSocket } from "ws";
import type { ProtocolVersion } from "../../../shared/flux/schema.ts";
import type { ListenerLimits } from "../listener/limits.ts";
import { RpcConnection } from "./rpc-connection.ts";
import { FatalError } from "./rpc-errors.ts";

/** How a daemon came to us. */
export interface Registration {
  protocol: ProtocolVersion;
  userAgent: string;
  remoteAddress: string;
}

/** One websocket of a daemon: bytes to and from the RPC, pings, and an end when nothing is heard (flux-rpc §1.6, §1.7). */
export class DaemonSocket {
  readonly rpc: RpcConnection;
  readonly #socket: WebSocket;
  readonly #timer: NodeJS.Timeout;
  #heardAt: number;
  #reason = "";

  constructor(
    socket: WebSocket,
    readonly registration: Registration,
    parts: { limits: ListenerLimits; now(): number; onEnd(reason: string): void },
  ) {
    this.#socket = socket;
    this.#heardAt = parts.now();
    this.rpc = new RpcConnection(
      { send: (bytes) => this.#send(bytes), close: (reason) => this.close(reason) },
      parts.limits.messageBytes,
      parts.limits.skippedBytes,
    );
    socket.on("message", (data, isBinary) => {
      // A text message is no part of the protocol and is passed over, as the Go ends do.
      if (!isBinary) return;
      this.#heardAt = parts.now();
      this.rpc.receive(asBuffer(data));
    });
    socket.on("pong", () => {
      this.#heardAt = parts.now();
    });
    // What the library calls an error are bytes that are no frames.
    socket.on("error", ({ message }) => this.rpc.fail(new FatalError("garbage", message)));
    socket.on("close", (code) => {
      clearInterval(this.#timer);
      const reason = this.#reason || `the daemon closed the connection (${code})`;
      this.rpc.fail(new FatalError("lost", reason));
      parts.onEnd(reason);
    });
    this.#timer = setInterval(() => this.#tick(parts), parts.limits.pingMs);
  }

  /** Ends the connection; the daemon dials again after 5 seconds. */
  close(reason: string): void {
    this.#reason ||= reason;
    this.#socket.close(1000, "ok");
    // A daemon that does not answer the close frame keeps the socket for 30 s otherwise.
    setTimeout(() => this.#socket.terminate(), 1_000).unref();
  }

  #send(bytes: Buffer): void {
    // A closing socket takes what is sent and drops it.
    if (this.#socket.readyState !== this.#socket.OPEN)
      throw new FatalError("lost", this.#reason || "the connection is closing", true);
    this.#socket.send(bytes, { binary: true });
  }

  #tick({ limits, now }: { limits: ListenerLimits; now(): number }): void {
    if (now() - this.#heardAt < limits.silenceMs) {
      this.#socket.ping();
      return;
    }
    this.#reason ||= `nothing was heard for ${limits.silenceMs / 1000} s`;
    this.#socket.terminate();
  }
}

function asBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
