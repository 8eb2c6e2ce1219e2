import { Failure } from "../../../shared/contract/index.ts";

/** Bounds how much of one kind goes on at a time. */
export class Slots {
  private taken = 0;

  constructor(private readonly most: number) {}

  /** Takes a slot; returns what gives it back, once. Throws `rate_limited` when there is none. */
  take(): () => void {
    if (this.taken >= this.most) {
      throw new Failure({
        code: "rate_limited",
        message: "Too many calls at once.",
        hint: "Wait for some to end.",
      });
    }
    this.taken++;
    return () => this.taken--;
  }

  /** Does the work in a slot. Rejects with `rate_limited` when there is none. */
  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    const release = this.take();
    try {
      return await work();
    } finally {
      release();
    }
  }
}
