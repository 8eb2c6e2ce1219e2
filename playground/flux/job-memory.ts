import type { JobStatus } from "./wire-types.ts";

const slots = 100;

/**
 * What the daemon remembers of jobs: 100 slots, each change of state takes a new one, and a look-up finds the oldest
 * slot of a job, which each change also updates (flux-rpc §6.3).
 */
export class JobMemory {
  #slots: { id: string; status: JobStatus }[] = [];

  set(id: string, status: JobStatus): void {
    const oldest = this.#slots.find((slot) => slot.id === id);
    if (oldest) oldest.status = status;
    this.#slots.push({ id, status });
    if (this.#slots.length > slots) this.#slots.shift();
  }

  get(id: string): JobStatus | undefined {
    return this.#slots.find((slot) => slot.id === id)?.status;
  }

  /** As after a restart of the process. */
  forget(): void {
    this.#slots = [];
  }
}
