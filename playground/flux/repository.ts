import { randomBytes } from "node:crypto";
import type { Cause, ReleaseResult, UpdateSpec } from "./wire-types.ts";

export interface Commit {
  revision: string;
  message: string;
  /** What the commit came from, as the git note keeps it; absent for somebody else's commit. */
  note?: {
    jobId: string;
    type: "release" | "autorelease" | "policy";
    spec: UpdateSpec | undefined;
    result: ReleaseResult;
    cause: Cause;
  };
}

export type GitStatus = "unconfigured" | "new" | "cloned" | "ready" | "unreachable";

/** The git repository and how far it is applied (flux-rpc §6.2, §6.4). */
export class SimulatedRepository {
  url: string;
  branch = "main";
  /** The remote's default branch; `HEAD` is its newest commit, which need not concern the daemon (flux-rpc §6.4). */
  defaultBranch = "main";
  readonly path = "shop,infra";
  status: GitStatus = "ready";
  errors = "";
  readOnly = false;
  /** Why a manifest in git cannot be parsed: lists, releases and syncs fail then (flux-rpc §3.5). */
  parseError = "";
  /** Signatures are checked, and the head has none: only this older commit may be applied (flux-rpc §5.3). */
  lastVerified: string | undefined;
  /** A git note that cannot be read back: no sync completes any more (flux-rpc §3.1.7). */
  poisoned = false;
  /** Of the commits so far; `User` may be one of them (flux-rpc §3.1.7). */
  readonly authors: string[] = ["Flux <flux@example.com>"];
  /** Oldest first. */
  readonly commits: Commit[] = [];
  /** Revision that was applied last; none before the first sync. */
  marker: string | undefined;
  keyNumber = 1;
  readonly #elsewhere: Commit = { revision: "e".repeat(40), message: "Of another branch" };

  constructor(name: string) {
    this.url = `ssh://git@git.example.com/${name}/config`;
    this.marker = this.commit("Initial manifests").revision;
  }

  get head(): Commit {
    return this.commits.at(-1) as Commit;
  }

  commit(message: string, note?: Commit["note"]): Commit {
    const commit: Commit = { revision: randomBytes(20).toString("hex"), message, ...(note && { note }) };
    this.commits.push(commit);
    return commit;
  }

  /** Commits after the marker up to a ref, newest first. Throws git's own words for an unknown one. */
  pending(ref: string): Commit[] {
    this.requireReady();
    if (this.marker === undefined) return [];
    if (ref === "HEAD" && this.branch !== this.defaultBranch) return [this.#elsewhere];
    const to = this.#indexOf(ref);
    const from = this.commits.findIndex(({ revision }) => revision === this.marker);
    return to <= from ? [] : this.commits.slice(from + 1, to + 1).reverse();
  }

  /** Throws what the daemon answers while the repository cannot be used (flux-rpc §6.3). */
  requireReady(): void {
    if (this.status === "unconfigured") throw new Error("git repo does not have valid config");
    if (this.status !== "ready") throw new Error(`git repo not ready: ${this.reason}`);
  }

  /** Why it is not ready (flux-rpc §3.1.10). */
  get reason(): string {
    if (this.status === "ready") return "";
    if (this.errors !== "" && this.status !== "unconfigured") return this.errors;
    return this.status === "cloned"
      ? "git repo has been cloned but not yet checked for write access"
      : "git repo has not been cloned yet";
  }

  view(release: number): Record<string, unknown> {
    const byHttps = this.url.startsWith("http");
    const key = `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABSimulated${this.keyNumber} flux@playground\n`;
    const art =
      `+---[RSA 2048]----+\n|  .o${"*".repeat(this.keyNumber % 5)}+. `.padEnd(38, " ") +
      "|\n+----[SHA256]-----+\n";
    const hash = (this.keyNumber * 7919).toString(16).padStart(4, "0");
    return {
      remote: {
        url: this.status === "unconfigured" ? "file:" : withoutPassword(this.url),
        branch: this.branch,
        path: this.path,
      },
      publicSSHKey: byHttps
        ? { key: "", fingerprints: null }
        : {
            key,
            fingerprints: {
              md5: { hash: `2b:7e:15:16:${hash.slice(0, 2)}:${hash.slice(2)}:d2:a6`, randomart: art },
              sha256: { hash: Buffer.from(`simulated-${this.keyNumber}`).toString("base64"), randomart: art },
            },
          },
      ...(release >= 102 && { status: this.status }),
      ...(release >= 118 && { errors: this.reason }),
    };
  }

  /** As git takes `--author`: any text without an address is a search among the authors so far (flux-rpc §3.1.7). */
  takesAuthor(author: string): boolean {
    if (author === "" || author.includes(">")) {
      if (author !== "") this.authors.push(author);
      return true;
    }
    return this.authors.some((known) => known.toLowerCase().includes(author.toLowerCase()));
  }

  /** What a sync may apply: the newest commit, or the newest signed one. */
  get target(): Commit {
    return this.commits.find(({ revision }) => revision === this.lastVerified) ?? this.head;
  }

  #indexOf(ref: string): number {
    if (ref === "HEAD" || ref === this.branch) return this.commits.length - 1;
    const found = this.commits.findIndex(({ revision }) => ref.length >= 7 && revision.startsWith(ref));
    if (found >= 0) return found;
    const range = `${this.marker}..${ref}`;
    throw new Error(`fatal: bad revision '${range}', full output:\n fatal: bad revision '${range}'\n`);
  }
}

/** Passwords are removed, users are kept (flux-rpc §3.1.10). */
function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, "$1@");
}
