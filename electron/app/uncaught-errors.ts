import type { Log } from "./log.ts";

export interface UncaughtErrorParts {
  log: Pick<Log, "error">;
  /** Tells the operator, in one sentence; called once for the first error that is survived. */
  notify(text: string): void;
  /** Nothing can be relied on any more; called once, with one line that says why. */
  end(line: string): void;
  now?(): number;
}

/** What becomes of errors that nobody caught: survived where they say nothing about the whole, else the end. */
export class UncaughtErrors {
  private ready = false;
  private ended = false;
  private survived = 0;
  private logged = 0;
  private minuteStart = -Infinity;

  constructor(private readonly parts: UncaughtErrorParts) {}

  /** The console runs: from now on an error is survived where it says nothing about the whole. */
  started(): void {
    this.ready = true;
  }

  /** Takes an error that nobody caught; never throws. */
  take(error: unknown, origin: string): void {
    try {
      if (!this.ready || isFatal(error)) this.end(error, origin);
      else this.survive(error, origin);
    } catch {
      // What reports errors must not be the cause of the next.
    }
  }

  private end(error: unknown, origin: string): void {
    if (this.ended) return;
    this.ended = true;
    this.log(`the console cannot go on (${origin})`, error);
    this.parts.end(`Switchyard has to end: ${messageOf(error)}`);
  }

  private survive(error: unknown, origin: string): void {
    this.survived += 1;
    if (this.mayLog()) this.log(`an error that nobody caught, number ${this.survived} (${origin})`, error);
    if (this.survived > 1) return;
    this.parts.notify(
      `An unexpected error occurred, and Switchyard went on: ${messageOf(error)}. The log has the details.`,
    );
  }

  private log(text: string, error: unknown): void {
    try {
      this.parts.log.error(text, error);
    } catch {
      // A full disk is no reason to leave the operator without a word.
    }
  }

  /** An error that comes with every message would fill the log. */
  private mayLog(): boolean {
    const now = this.parts.now?.() ?? Date.now();
    if (now - this.minuteStart >= 60_000) {
      this.minuteStart = now;
      this.logged = 0;
    }
    this.logged += 1;
    return this.logged <= mostLoggedAMinute;
  }
}

const mostLoggedAMinute = 20;

/** Node's own state, the memory or a database file is broken: what a restart may mend and going on would hide. */
const fatalCodes = /^(ERR_INTERNAL_ASSERTION|ENOMEM|SQLITE_(CORRUPT|NOTADB|IOERR)(_.*)?)$/;

/** Whether an error means that what the console holds cannot be relied on any more. */
export function isFatal(error: unknown): boolean {
  const { code } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown };
  return typeof code === "string" && fatalCodes.test(code);
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\p{Cc}+/gu, " ").slice(0, 300);
}

/** Makes the last handler of the process; whoever starts the console says when it runs, by `started`. */
export function handleUncaughtErrors(parts: UncaughtErrorParts): UncaughtErrors {
  const errors = new UncaughtErrors(parts);
  process.on("uncaughtException", (error, origin) => errors.take(error, origin));
  process.on("unhandledRejection", (reason) => errors.take(reason, "unhandledRejection"));
  // A terminal that was closed takes no more lines; each would be an error of its own.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  return errors;
}
