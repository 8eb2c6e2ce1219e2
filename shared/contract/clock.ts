/** Time and timers, so that tests can hold them still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after so many milliseconds; returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  /** Runs again and again; returns what ends it. */
  every(milliseconds: number, run: () => void): () => void;
}
