import { randomBytes } from "node:crypto";
import { commitMessage } from "./commit-messages.ts";
import { commitEvent } from "./daemon-events.ts";
import type { DaemonState } from "./daemon-state.ts";
import {
  noNotesYet,
  pushRejected,
  readOnlyClone,
  unknownAuthor,
  unknownJob,
  unparsable,
  unsignedHead,
  unsignedHeadError,
  unsignedSync,
} from "./error-messages.ts";
import type { DaemonFaults } from "./faults.ts";
import { JobMemory } from "./job-memory.ts";
import { applyPolicies, PolicyError } from "./policy-changes.ts";
import { applyRelease, containersRelease, imageRelease, isPoisonous } from "./releases.ts";
import type { JobResult, JobStatus, ReleaseResult, UpdateSpec } from "./wire-types.ts";

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

type ContainersUpdate = Extract<UpdateSpec, { type: "containers" }>;

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
    return this.#queued(spec.type === "containers" ? asGoReads(spec) : spec);
  }

  async #queued(spec: UpdateSpec): Promise<string> {
    const id = newJobId();
    if ("Kind" in spec.spec && spec.spec.Kind === "plan") {
      await this.#parts.pause(this.#parts.jobMs);
      this.memory.set(id, finished({ spec, result: this.#plan(id, spec) }));
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
    if (repository.status === "new" || repository.status === "unconfigured") throw new Error(noNotesYet);
    if (repository.status !== "ready")
      throw new Error(`checking revisions for status: git repo not ready: ${repository.reason}`);
    const commit = repository.commits.find(({ note }) => note?.jobId === id);
    if (!commit?.note || isPoisonous(commit.note.result)) throw unknownJob(id);
    const { revision, note } = commit;
    return finished({
      revision,
      spec: note.spec,
      ...(note.type !== "policy" && { result: note.result }),
    });
  }

  async #run(id: string, spec: UpdateSpec): Promise<void> {
    const { jobMs, pause } = this.#parts;
    if (!(await pause(jobMs / 2))) return;
    this.memory.set(id, { Result: {}, Err: "", StatusString: "running" });
    const startedAt = new Date().toISOString();
    if (!(await pause(jobMs))) return;
    try {
      this.memory.set(id, finished(await this.#perform(id, spec, startedAt)));
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

  async #perform(id: string, spec: UpdateSpec, startedAt: string): Promise<JobResult> {
    const { repository } = this.#parts.state;
    repository.requireReady();
    if (spec.type === "sync") return this.#sync();
    this.#requireClone();
    const result = spec.type === "policy" ? this.#policies(spec) : this.#release(spec);
    const changed = Object.values(result).some(({ Status }) => Status === "success");
    if (!changed && spec.type === "policy") return { spec, result };
    if (!changed) throw new Error("no changes made in repo");
    return this.#push(id, { spec, result }, startedAt);
  }

  #sync(): JobResult {
    const { head, target } = this.#parts.state.repository;
    const { revision } = target;
    if (target !== head) throw new JobError(unsignedSync(revision, head.revision), { revision });
    return { revision };
  }

  /** What every change needs of the repository. */
  #requireClone(): void {
    const { repository } = this.#parts.state;
    if (repository.readOnly) throw new Error(readOnlyClone);
    if (repository.target !== repository.head) throw new Error(unsignedHead);
    if (repository.parseError !== "") throw unparsable(repository.parseError);
  }

  #plan(id: string, spec: UpdateSpec): ReleaseResult {
    const { repository } = this.#parts.state;
    repository.requireReady();
    if (!repository.readOnly && repository.target !== repository.head)
      throw unsignedHeadError(repository.target.revision, repository.head.revision).beside(id);
    this.#requireClone();
    return this.#release(spec);
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
    if (spec.type === "image") return imageRelease(state, spec.spec);
    return spec.type === "containers" ? containersRelease(state, spec.spec) : {};
  }

  async #push(
    id: string,
    { spec, result }: { spec: UpdateSpec; result: ReleaseResult },
    startedAt: string,
  ): Promise<JobResult> {
    const { state, faults, post } = this.#parts;
    const { repository } = state;
    const isExecuted = spec.type === "policy" || (spec.spec as { Kind?: string }).Kind === "execute";
    if (!isExecuted) return { spec, result };
    const kept = spec.type === "policy" ? { spec, result } : {};
    if (faults.take("push-rejected"))
      throw new JobError(pushRejected(repository.url, repository.branch), kept);
    if (state.setsAuthor && !repository.takesAuthor(spec.cause.User))
      throw new JobError(unknownAuthor(spec.cause.User), kept);
    if (spec.type !== "policy" && !applyRelease(state, result)) throw new Error("no changes made in repo");
    if (isPoisonous(result)) repository.poisoned = true;
    const { revision } = repository.commit(commitMessage(spec, result), {
      jobId: id,
      type: spec.type === "policy" ? "policy" : "release",
      spec,
      result,
      cause: spec.cause,
    });
    try {
      await post(commitEvent(revision, { spec, result }, startedAt));
    } catch (error) {
      // The commit is pushed, and yet the job fails (flux-rpc §1.10).
      throw new JobError(error instanceof Error ? error.message : String(error), { revision, spec, result });
    }
    return { revision, spec, result };
  }
}

/** An absent `Current` becomes an empty text, which Go refuses where it is sent (flux-rpc §3.1.7). */
function asGoReads(update: ContainersUpdate): ContainersUpdate {
  const specs = Object.entries(update.spec.ContainerSpecs).map(([id, updates]) => [
    id,
    updates.map(({ Container, Current, Target }) => {
      if (Current === "") throw new Error('parsing "": blank image name: invalid image ID');
      return { Container, Current: Current ?? "", Target };
    }),
  ]);
  return { ...update, spec: { ...update.spec, ContainerSpecs: Object.fromEntries(specs) } };
}

function finished(Result: JobResult): JobStatus {
  return { Result, Err: "", StatusString: "succeeded" };
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
