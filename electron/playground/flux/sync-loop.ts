import { type SyncError, syncEvents } from "./daemon-events.ts";
import type { DaemonState } from "./daemon-state.ts";
import { workloadId } from "./workload.ts";

export interface SyncLoopParts {
  state: DaemonState;
  post(event: unknown): Promise<void>;
  pause(milliseconds: number): Promise<boolean>;
  /** How long applying takes, and a rollout after it. */
  syncMs: number;
}

/** Applies commits to the cluster, tells about it, and only then moves the marker (flux-rpc §6.3, §6.7). */
export class SyncLoop {
  readonly #parts: SyncLoopParts;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(parts: SyncLoopParts) {
    this.#parts = parts;
  }

  /** Syncs now; once more when it is asked for meanwhile. */
  run(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#sync().finally(() => {
      this.#running = undefined;
      if (!this.#again) return;
      this.#again = false;
      void this.run();
    });
    return this.#running;
  }

  async #sync(): Promise<void> {
    const { state, post, pause, syncMs } = this.#parts;
    const { repository } = state;
    if (repository.status !== "ready") return;
    const initial = repository.marker === undefined;
    const commits = initial ? repository.commits.slice().reverse() : repository.pending(repository.branch);
    if (commits.length === 0) return;
    if (!(await pause(syncMs))) return;
    const errors = this.#apply();
    try {
      for (const event of syncEvents(commits, errors, initial)) await post(event);
    } catch {
      // The marker stays; the next interval does it all again.
      return;
    }
    repository.marker = commits[0]?.revision;
    await this.#rollOut();
  }

  #apply(): SyncError[] {
    const { workloads, protocol } = this.#parts.state;
    const errors: SyncError[] = [];
    for (const one of workloads) {
      if (!one.inGit || one.policies.ignore) continue;
      const changed = one.containers.some(({ git, running }) => git !== running);
      if (changed && one.syncError !== "") {
        errors.push({
          ID: workloadId(one, protocol),
          Path: `${one.namespace}/${one.name}.yaml`,
          Error: one.syncError,
        });
        continue;
      }
      for (const container of one.containers) container.running = container.git;
      if (changed) one.updated = 0;
    }
    return errors;
  }

  async #rollOut(): Promise<void> {
    const { state, pause, syncMs } = this.#parts;
    for (;;) {
      const updating = state.workloads.filter(
        (one) => one.updated < one.replicas && one.messages.length === 0,
      );
      if (updating.length === 0) return;
      if (!(await pause(syncMs / 2))) return;
      for (const one of updating) one.updated += 1;
    }
  }
}
