import type { Clock } from "../../shared/contract/index.ts";

type Disposal = () => unknown;

/**
 * The life of one attempt to connect, and of the session that comes of it. Whoever makes a timer, a listener, a
 * subscription or a socket registers its end here, so that nothing outlives the connection it was made for.
 */
export class Scope {
  readonly #onError: (error: unknown) => void;
  readonly #controller = new AbortController();
  readonly #disposals = new Set<Disposal>();
  #leaveParent: () => void = () => undefined;
  #ended: Promise<void> | undefined;

  /** `onError` receives what a disposal throws; the others run all the same. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Aborted as soon as the scope ends, before anything is disposed of. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isOver(): boolean {
    return this.signal.aborted;
  }

  /** Runs `dispose` at the end, or at once where that has come already; returns what takes it back. */
  onEnd(dispose: Disposal): () => void {
    const own = (): unknown => dispose();
    if (this.isOver) void this.#dispose(own);
    else this.#disposals.add(own);
    return () => {
      this.#disposals.delete(own);
    };
  }

  /** A scope that ends with this one at the latest. */
  child(): Scope {
    const child = new Scope(this.#onError);
    child.#leaveParent = this.onEnd(() => child.end());
    return child;
  }

  /** A clock whose timers end with this scope; afterwards it starts none. */
  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (milliseconds, run) =>
        this.#timer((onFired) =>
          clock.after(milliseconds, () => {
            onFired();
            run();
          }),
        ),
      every: (milliseconds, run) => this.#timer(() => clock.every(milliseconds, run)),
    };
  }

  /** Disposes of everything, last made first; resolves when all of it is done. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  #timer(start: (onFired: () => void) => () => void): () => void {
    if (this.isOver) return () => undefined;
    let forget = (): void => undefined;
    const cancel = start(() => forget());
    forget = this.onEnd(cancel);
    return () => {
      forget();
      cancel();
    };
  }

  async #end(): Promise<void> {
    if (this.isOver) return;
    this.#controller.abort();
    this.#leaveParent();
    const disposals = [...this.#disposals].reverse();
    this.#disposals.clear();
    await Promise.all(disposals.map((dispose) => this.#dispose(dispose)));
  }

  async #dispose(dispose: Disposal): Promise<void> {
    try {
      await dispose();
    } catch (error) {
      this.#onError(error);
    }
  }
}
