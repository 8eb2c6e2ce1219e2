import { parseBoundedJson } from "../../../shared/contract/index.ts";
import { readableText } from "./foreign-text.ts";
import { JsonStream, TooLarge } from "./json-stream.ts";
import { AnswerTooLarge, CallTimeout, FatalError, ServerError } from "./rpc-errors.ts";

/** What carries the bytes: a websocket of binary messages. */
export interface ByteChannel {
  /** Throws a FatalError where it is not open any more, so that nothing is sent. */
  send(bytes: Buffer): void;
  /** Ends the connection; the reason is for the log of this side. */
  close(reason: string): void;
}

interface Pending {
  method: string;
  mayBeNull: boolean;
  resolve(result: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Answers without a question that are let pass before the other end is taken for broken. */
const strayLimit = 1_000;

const tooLargeMessage = "it sent a message that is larger than allowed";

/** JSON-RPC 1.0 as Go speaks it, over a stream of bytes (flux-rpc §2): the side that calls. */
export class RpcConnection {
  readonly #channel: ByteChannel;
  readonly #stream: JsonStream;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #stray = 0;
  #ended: FatalError | undefined;

  /** An answer of more than `maxLength` characters fails its call alone; one of more than `maxSkipped` ends the connection. */
  constructor(channel: ByteChannel, maxLength: number, maxSkipped: number = maxLength) {
    this.#channel = channel;
    this.#stream = new JsonStream(maxLength, maxSkipped);
  }

  /** Why nothing can be called any more. */
  get ended(): FatalError | undefined {
    return this.#ended;
  }

  get pendingCalls(): number {
    return this.#pending.size;
  }

  /**
   * Calls `RPCServer.<method>`; throws ServerError, AnswerTooLarge, CallTimeout or FatalError.
   * `mayBeNull`: an answer with neither result nor error is Go's empty list, sent bare (V6), and not a broken answer.
   */
  call(method: string, argument: unknown, timeoutMs: number, mayBeNull = false): Promise<unknown> {
    if (this.#ended) return Promise.reject(new FatalError("lost", "connection is shut down", true));
    const id = this.#nextId++;
    const request = { method: `RPCServer.${method}`, params: [argument], id };
    return new Promise<unknown>((resolve, reject) => {
      this.#channel.send(Buffer.from(`${JSON.stringify(request)}\n`));
      // A late answer finds nothing waiting for it and is dropped.
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new CallTimeout(`no answer to ${method} within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      this.#pending.set(id, { method, mayBeNull, resolve, reject, timer });
    });
  }

  /** Takes bytes that came; anything that is no answer ends the connection. */
  receive(bytes: Buffer): void {
    if (this.#ended) return;
    try {
      for (const found of this.#stream.push(bytes)) {
        if (typeof found === "string") this.#answer(parseBoundedJson(found));
        else this.#tooLarge(found.head);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isTooLarge = error instanceof TooLarge;
      this.fail(
        isTooLarge ? new FatalError("too-large", tooLargeMessage) : new FatalError("garbage", message),
      );
    }
  }

  /** Ends the connection: every waiting call fails, and so does each later one. */
  fail(error: FatalError): void {
    if (this.#ended) return;
    this.#ended = error;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
    const { kind, message } = error;
    this.#channel.close(kind === "garbage" ? `it sent what cannot be understood: ${message}` : message);
  }

  #answer(message: unknown): void {
    if (typeof message !== "object" || message === null) throw new Error("an answer is no object");
    const { id, result, error } = message as { id?: unknown; result?: unknown; error?: unknown };
    const pending = typeof id === "number" ? this.#pending.get(id) : undefined;
    if (!pending) {
      this.#countStray();
      return;
    }
    if (error !== null && error !== undefined && typeof error !== "string")
      throw new Error(`the error of ${pending.method} is no text`);
    const failed = typeof error === "string";
    if (!failed && !pending.mayBeNull && (result === null || result === undefined))
      throw new Error(`the answer to ${pending.method} has neither result nor error`);
    this.#settle(id as number, pending);
    if (failed) pending.reject(new ServerError(readableText(error) || "unspecified error"));
    else pending.resolve(result);
  }

  /** Go writes the id first, so that whose answer it is can be told before the rest of it has come (flux-rpc §2.1). */
  #tooLarge(head: string): void {
    const id = Number(/^\{\s*"id"\s*:\s*(\d{1,15})\s*,/.exec(head)?.[1]);
    // Some call would wait for it, and nobody can tell which.
    if (Number.isNaN(id)) throw new TooLarge(tooLargeMessage);
    const pending = this.#pending.get(id);
    if (!pending) {
      this.#countStray();
      return;
    }
    this.#settle(id, pending);
    pending.reject(new AnswerTooLarge("the answer is larger than allowed"));
  }

  #settle(id: number, { timer }: Pending): void {
    this.#pending.delete(id);
    clearTimeout(timer);
  }

  #countStray(): void {
    if (++this.#stray > strayLimit) throw new Error(`more than ${strayLimit} answers that nobody asked for`);
  }
}
