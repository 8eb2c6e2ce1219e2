import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { FrameSplitter } from "./frame-splitter.ts";

/** A socket from which websocket messages come in pieces, each a message of its own; what is written goes out as it is. */
export class SplittingSocket extends Duplex {
  readonly #socket: Socket;

  /** `head`: what came with the request to upgrade. */
  constructor(socket: Socket, head: Buffer) {
    super();
    this.#socket = socket;
    socket.setTimeout(0);
    socket.setNoDelay();
    if (head.length > 0) socket.unshift(head);
    const splitter = new FrameSplitter();
    socket.on("data", (chunk: Buffer) => {
      const hasRoom = splitter.push(chunk).map((piece) => this.push(piece));
      if (hasRoom.at(-1) === false) socket.pause();
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
