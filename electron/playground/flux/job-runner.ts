import { randomBytes } from "node:crypto";
import { commitEvent } from "./daemon-events.ts";
import type { DaemonFaults } from "./daemon-faults.ts";
import type { DaemonState } from "./daemon-state.ts";
import { JobMemory } from "./job-memory.ts";
import { applyPolicies, PolicyError } from "./policy-changes.ts";
import { applyRelease, containersRelease, imageRelease } from "./releases.ts";
import {
  ApplicationError,
  type JobResult,
  type JobStatus,
  type ReleaseResult,
  type UpdateSpec,
} from "./wire-types.ts";

export interface JobRunnerParts {
  state: DaemonState;
  faults: DaemonFaults;
  post(event: unknown): Promise<void>;
  /** Waits; false when the daemon was stopped meanwhile. */
  pause(milliseconds: number): Promise<boolean>;
  /** Fetches and applies, after a job that may have committed. */
  syncSoon(): void;
  jobMs: number;
}

/** A job that ends as failed but keeps what it has done. */
class JobError extends Error {
  constructor(
    message: string,
    readonly result: JobResult,
  ) {
    super(message);
  }
}

const kinds = new Set(["image", "containers", "policy", "sync"]);

/** The daemon's one worker: jobs in order, each queued, running, then succeeded or failed (flux-rpc §6.3). */
export class JobRunner {
  readonly memory = new JobMemory();
  readonly #parts: JobRunnerParts;
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: JobRunnerParts) {
    this.#parts = parts;
  }

  /** Queues a job, or works a plan out at once; answers with its id. */
  async update(spec: UpdateSpec | undefined): Promise<string> {
    if (!spec?.type) throw new Error("no type in update spec");
    if (spec.type === ("auto" as string)) throw new Error('unknown update type "auto"');
    if (!kinds.has(spec.type) || (spec.type === "containers" && this.#parts.state.protocol < 9))
      throw new Error(`unknown spec type: ${spec.type}`);
    if (spec.spec === undefined) throw new Error("unexpected end of JSON input");
    const id = newJobId();
    if ("Kind" in spec.spec && spec.spec.Kind === "plan") {
      await this.#parts.pause(this.#parts.jobMs);
      this.memory.set(id, finished({ spec, result: this.#release(spec) }));
      return id;
    }
    this.memory.set(id, { Result: {}, Err: "", StatusString: "queued" });
    this.#queue = this.#queue.then(() => this.#run(id, spec));
    return id;
  }

  /** A job's state; one that pushed a commit is found again in the git notes. */
  status(id: string): JobStatus {
    const known = this.memory.get(id);
    if (known) return known;
    const { repository } = this.#parts.state;
    if (repository.status !== "ready")
      throw new Error(`enumerating commit notes: git repo not ready: ${repository.reason}`);
    const commit = repository.commits.find(({ note }) => note?.jobId === id);
    if (commit?.note)
      return finished({ revision: commit.revision, spec: commit.note.spec, result: commit.note.result });
    throw new ApplicationError(
      "missing",
      "Job not found\n\nThis is often because the job did not result in committing changes, or the daemon was restarted.",
      `unknown job "${id}"`,
    );
  }

  async #run(id: string, spec: UpdateSpec): Promise<void> {
    const { jobMs, pause } = this.#parts;
    if (!(await pause(jobMs / 2))) return;
    this.memory.set(id, { Result: {}, Err: "", StatusString: "running" });
    if (!(await pause(jobMs))) return;
    try {
      this.memory.set(id, finished(await this.#perform(id, spec)));
    } catch (error) {
      const Err = error instanceof Error ? error.message : String(error);
      this.memory.set(id, {
        Result: error instanceof JobError ? error.result : {},
        Err,
        StatusString: "failed",
      });
    }
    this.#parts.syncSoon();
  }

  async #perform(id: string, spec: UpdateSpec): Promise<JobResult> {
    const { repository } = this.#parts.state;
    repository.requireReady();
    if (spec.type === "sync") return { revision: repository.head.revision };
    if (repository.readOnly) throw new Error("cannot make a working clone of a read-only git repo");
    const result = spec.type === "policy" ? this.#policies(spec) : this.#release(spec);
    const changed = Object.values(result).some(({ Status }) => Status === "success");
    if (!changed && spec.type === "policy") return { spec, result };
    if (!changed) throw new Error("no changes made in repo");
    return this.#push(id, spec, result);
  }

  #policies(spec: UpdateSpec & { type: "policy" }): ReleaseResult {
    try {
      return applyPolicies(this.#parts.state, spec.spec);
    } catch (error) {
      if (error instanceof PolicyError) throw new JobError(error.message, { spec, result: error.result });
      throw error;
    }
  }

  #release(spec: UpdateSpec): ReleaseResult {
    const { state } = this.#parts;
    state.repository.requireReady();
    if (spec.type === "image") return imageRelease(state, spec.spec);
    return spec.type === "containers" ? containersRelease(state, spec.spec) : {};
  }

  async #push(id: string, spec: UpdateSpec, result: ReleaseResult): Promise<JobResult> {
    const { state, faults, post } = this.#parts;
    const { repository } = state;
    if (faults.strike("push-rejected")) {
      const message = `git push ${repository.url} [${repository.branch} refs/notes/flux]: ! [rejected] main -> main (fetch first)`;
      throw new JobError(message, spec.type === "policy" ? { spec, result } : {});
    }
    const isExecuted = spec.type === "policy" || (spec.spec as { Kind?: string }).Kind === "execute";
    if (!isExecuted) return { spec, result };
    if (spec.type !== "policy") applyRelease(state, result);
    const { revision } = repository.commit(messageOf(spec, result), {
      jobId: id,
      type: spec.type === "policy" ? "policy" : "release",
      spec,
      result,
      cause: spec.cause,
    });
    try {
      await post(commitEvent(revision, spec, result));
    } catch (error) {
      // The commit is pushed, and yet the job fails (flux-rpc §1.10).
      throw new JobError(error instanceof Error ? error.message : String(error), { revision, spec, result });
    }
    return { revision, spec, result };
  }
}

function finished(Result: JobResult): JobStatus {
  return { Result, Err: "", StatusString: "succeeded" };
}

function messageOf(spec: UpdateSpec, result: ReleaseResult): string {
  const ids = Object.keys(result)
    .filter((id) => result[id]?.Status === "success")
    .join(", ");
  if (spec.type === "policy")
    return `${spec.cause.Message ? `${spec.cause.Message}\n\n` : ""}Update policies of ${ids}`;
  if (spec.cause.Message) return spec.cause.Message;
  return spec.type === "image"
    ? `Release ${spec.spec.ImageSpec} to ${ids}`
    : `Release chosen containers of ${ids}`;
}

/** 16 random bytes in the layout of a UUID, without a version (flux-rpc §3.9). */
function newJobId(): string {
  const digits = randomBytes(16).toString("hex");
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join("-");
}
