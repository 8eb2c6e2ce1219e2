/** A message as it arrived. */
export interface ArrivedMessage {
  subject: string;
  data: Uint8Array;
  /** Milliseconds since 1970 by the console's clock. */
  at: number;
}

const fullBatch = 2_000;

/** Collects what arrives in one turn of the event loop, so that a flood costs little per message. */
export class EventIntake {
  readonly #take: (batch: readonly ArrivedMessage[]) => void;
  #waiting: ArrivedMessage[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  constructor(take: (batch: readonly ArrivedMessage[]) => void) {
    this.#take = take;
  }

  push(message: ArrivedMessage): void {
    this.#waiting.push(message);
    if (this.#waiting.length >= fullBatch) this.drain();
    else this.#scheduled ??= setImmediate(() => this.drain());
  }

  /** Hands over at once what is waiting. */
  drain(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#take(batch);
  }

  /** Drops what is waiting. */
  close(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    this.#waiting = [];
  }
}
