import { isDeepStrictEqual } from "node:util";
import { type SyncError, syncEvents } from "./daemon-events.ts";
import type { DaemonState } from "./daemon-state.ts";
import { isSynced, type SimulatedWorkload, workloadId } from "./workload.ts";

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
    if (repository.status !== "ready" || repository.parseError !== "") return;
    const initial = repository.marker === undefined;
    const target = repository.target.revision;
    const commits = initial ? repository.commits.slice().reverse() : repository.pending(target);
    if (commits.length === 0) return;
    const startedAt = new Date().toISOString();
    if (!(await pause(syncMs))) return;
    const { errors, changed } = this.#apply(initial);
    // Everything is applied, and then the notes cannot be read: nothing is told, and the marker stays.
    if (repository.poisoned) return this.#rollOut();
    try {
      for (const event of syncEvents({ commits, errors, initial, startedAt, changed })) await post(event);
    } catch {
      // The marker stays; the next interval does it all again.
      return;
    }
    repository.marker = commits[0]?.revision;
    await this.#rollOut();
  }

  /** What cannot be applied is tried, and named, at every sync until it is mended (flux-rpc §1.10). */
  #apply(initial: boolean): { errors: SyncError[]; changed: string[] } {
    const { workloads, protocol } = this.#parts.state;
    const errors: SyncError[] = [];
    const changed: string[] = [];
    for (const one of workloads) {
      if (!one.inGit || !isSynced(one)) continue;
      const ID = workloadId(one, protocol);
      const isNew = one.containers.some(({ git, running }) => git !== running);
      if (isNew || initial || !isDeepStrictEqual(one.live, one.policies)) changed.push(ID);
      if (one.syncError === "") applyOne(one, isNew);
      else errors.push({ ID, Path: `${one.namespace}/${one.name}.yaml`, Error: one.syncError });
    }
    if (initial)
      changed.push(...new Set(workloads.map(({ namespace }) => `<cluster>:namespace/${namespace}`)));
    return { errors, changed: changed.sort(() => Math.random() - 0.5) };
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

function applyOne(one: SimulatedWorkload, isNew: boolean): void {
  for (const container of one.containers) container.running = container.git;
  one.live = { ...one.policies };
  one.gcMark ||= `sha256.${one.namespace}-${one.name}`;
  one.exists = true;
  if (isNew) one.updated = 0;
}
