import { parseBoundedJson } from "../../shared/contract/index.ts";
import { foreignWords } from "./foreign-text.ts";
import { JsonStream, TooLarge } from "./json-stream.ts";
import { CallTimeout, FatalError, ServerError } from "./rpc-errors.ts";

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

/** JSON-RPC 1.0 as Go speaks it, over a stream of bytes (flux-rpc §2): the side that calls. */
export class RpcConnection {
  readonly #channel: ByteChannel;
  readonly #stream: JsonStream;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #stray = 0;
  #ended: FatalError | undefined;

  constructor(channel: ByteChannel, maxAnswerLength: number) {
    this.#channel = channel;
    this.#stream = new JsonStream(maxAnswerLength);
  }

  /** Why nothing can be called any more. */
  get ended(): FatalError | undefined {
    return this.#ended;
  }

  get pendingCalls(): number {
    return this.#pending.size;
  }

  /**
   * Calls `RPCServer.<method>`; throws ServerError, CallTimeout or FatalError.
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
      for (const text of this.#stream.push(bytes)) this.#answer(parseBoundedJson(text));
    } catch (error) {
      const kind = error instanceof TooLarge ? "too-large" : "garbage";
      this.fail(new FatalError(kind, error instanceof Error ? error.message : String(error)));
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
      if (++this.#stray > strayLimit)
        throw new Error(`more than ${strayLimit} answers that nobody asked for`);
      return;
    }
    if (error !== null && error !== undefined && typeof error !== "string")
      throw new Error(`the error of ${pending.method} is no text`);
    const failed = typeof error === "string";
    if (!failed && !pending.mayBeNull && (result === null || result === undefined))
      throw new Error(`the answer to ${pending.method} has neither result nor error`);
    this.#pending.delete(id as number);
    clearTimeout(pending.timer);
    if (failed) pending.reject(new ServerError(foreignWords(error) || "unspecified error"));
    else pending.resolve(result);
  }
}
