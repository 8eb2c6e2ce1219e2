import type { FluxListener } from "../../../shared/flux/listener-operations.ts";

type Refusal = FluxListener["refused"][number];

const kept = 20;

/** Who knocked in vain lately, newest first; the same address, path and reason are one entry. */
export class Refusals {
  #entries: Refusal[] = [];
  #count = 0;

  constructor(private readonly now: () => number) {}

  get list(): readonly Refusal[] {
    return this.#entries;
  }

  /** All of them since the console listens. */
  get count(): number {
    return this.#count;
  }

  add(refusal: Pick<Refusal, "remoteAddress" | "path" | "reason">): void {
    this.#count++;
    const same = this.#entries.find(
      ({ remoteAddress, path, reason }) =>
        remoteAddress === refusal.remoteAddress && path === refusal.path && reason === refusal.reason,
    );
    const entry = { ...refusal, at: new Date(this.now()).toISOString(), count: (same?.count ?? 0) + 1 };
    this.#entries = [entry, ...this.#entries.filter((other) => other !== same)].slice(0, kept);
  }
}
