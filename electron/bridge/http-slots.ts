import { Failure } from "../../shared/contract/index.ts";

/** Bounds how much of one kind goes on at a time. */
export class Slots {
  private taken = 0;

  constructor(private readonly most: number) {}

  /** Does the work in a free slot. Rejects with `rate_limited` when there is none. */
  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.taken >= this.most) {
      throw new Failure({
        code: "rate_limited",
        message: "Too many calls at once.",
        hint: "Wait for some to end.",
      });
    }
    this.taken++;
    try {
      return await work();
    } finally {
      this.taken--;
    }
  }
}
