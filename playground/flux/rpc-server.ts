import type { DaemonFaults } from "./faults.ts";
import { JsonObjects } from "./json-objects.ts";
import type { Method } from "./methods.ts";
import { ApplicationError } from "./wire-types.ts";

export interface RpcServerParts {
  methods: ReadonlyMap<string, Method>;
  protocol: number;
  relayed: boolean;
  faults: DaemonFaults;
  send(bytes: Buffer): void;
  hangUp(): void;
  break(): void;
  pause(milliseconds: number): Promise<boolean>;
}

/** Carries out calls, each by itself, and answers in the order in which they end (flux-rpc §2). */
export class RpcServer {
  readonly #parts: RpcServerParts;
  readonly #objects = new JsonObjects();
  readonly #work = new Set<Promise<void>>();
  #broken = false;

  constructor(parts: RpcServerParts) {
    this.#parts = parts;
  }

  /** Resolves when no call is at work. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }

  receive(bytes: Buffer): void {
    if (this.#broken) return;
    const { objects, broken } = this.#objects.add(bytes);
    for (const request of objects) this.#take(request);
    if (!broken) return;
    this.#broken = true;
    void this.idle().then(() => this.#parts.hangUp());
  }

  #take(request: unknown): void {
    const { method, params, id } = request as { method?: unknown; params?: unknown; id?: unknown };
    if (typeof method !== "string") {
      this.#broken = true;
      void this.idle().then(() => this.#parts.hangUp());
      return;
    }
    const work = this.#answer({ method, params, id: id ?? null }).finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  async #answer({ method, params, id }: { method: string; params: unknown; id: unknown }): Promise<void> {
    const { faults, pause } = this.#parts;
    const name = method.slice(method.indexOf(".") + 1);
    const delay = faults.take("delay", name);
    if (delay && !(await pause(delay.milliseconds))) return;
    if (faults.take("drop-before", name)) return this.#parts.break();
    const answer = await this.#call(method, name, params);
    if (faults.take("drop", name)) return this.#parts.break();
    if (faults.take("hang", name)) return;
    this.#send(name, { id, ...answer });
  }

  async #call(
    method: string,
    name: string,
    params: unknown,
  ): Promise<{ result: unknown; error: string | null }> {
    const problem = ill(method, params);
    if (problem) return { result: null, error: problem };
    const found = this.#parts.methods.get(name);
    if (!found) return { result: null, error: `rpc: can't find method ${method}` };
    const huge = this.#parts.faults.take("huge", name);
    if (huge) return { result: { Result: "x".repeat(huge.bytes), ApplicationError: null }, error: null };
    try {
      const failure = this.#parts.faults.take("error", name);
      if (failure) throw new Error(failure.message);
      const value = await found.run((params as unknown[])[0]);
      return { result: this.#wrapped(found, value), error: null };
    } catch (error) {
      return this.#failure(found, error);
    }
  }

  #wrapped(method: Method, value: unknown): unknown {
    if (method.bare) return value;
    if (method.acknowledges) return this.#parts.protocol === 6 ? {} : { ApplicationError: null };
    return this.#parts.protocol === 6 ? value : { Result: value, ApplicationError: null };
  }

  #failure(method: Method, error: unknown): { result: unknown; error: string | null } {
    const message = error instanceof Error ? error.message : String(error);
    const structured = error instanceof ApplicationError || (this.#parts.relayed && !method.bare);
    if (!structured || this.#parts.protocol === 6) return { result: null, error: message };
    const { type, help } =
      error instanceof ApplicationError
        ? error
        : ({ type: "user", help: `Error: ${message}\n\n(relayed)` } as const);
    const beside = error instanceof ApplicationError ? error.result : undefined;
    const result = method.acknowledges
      ? {}
      : { Result: beside ?? (method.empty === undefined ? "" : method.empty) };
    return { result: { ...result, ApplicationError: { type, help, error: message } }, error: null };
  }

  #send(name: string, answer: { id: unknown; result: unknown; error: string | null }): void {
    const { faults, send } = this.#parts;
    if (faults.take("garbage", name)) {
      send(Buffer.from("\u0000 this is not JSON\n"));
      return;
    }
    const shape = faults.take("null-result", name)
      ? { ...answer, result: null, error: null }
      : faults.take("wrong-shape", name)
        ? { ...answer, result: { Result: [{ Nonsense: 1 }], ApplicationError: null } }
        : answer;
    // Go writes these three as escapes (flux-rpc §2.1).
    const line = `${JSON.stringify(shape).replace(/[<>&]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`)}\n`;
    const bytes = Buffer.from(line);
    if (faults.take("split", name)) {
      send(bytes.subarray(0, 7));
      send(bytes.subarray(7));
    } else send(bytes);
    if (faults.take("duplicate", name)) send(bytes);
  }
}

/** What is wrong with a request, in Go's words (flux-rpc §2.2). */
function ill(method: string, params: unknown): string | undefined {
  const dot = method.lastIndexOf(".");
  if (dot < 0) return `rpc: service/method request ill-formed: ${method}`;
  if (method.slice(0, dot) !== "RPCServer") return `rpc: can't find service ${method}`;
  if (!Array.isArray(params)) return "jsonrpc: request body missing params";
  return undefined;
}
