import type { Backend } from "../../shared/flowfabric/server-schema.ts";

/** What keeps a server's state, as far as it is known; no route tells, but replies give it away. */
export class BackendKnowledge {
  private kind: Backend;
  private reason: string;

  constructor(told: Backend) {
    this.kind = told;
    this.reason = told === "unknown" ? "nothing has told yet" : "the connection's settings say so";
    this.settled = told !== "unknown";
  }

  private settled: boolean;

  get backend(): Backend {
    return this.kind;
  }

  get because(): string {
    return this.reason;
  }

  /** Takes a hint, unless the operator has said it. */
  learn(kind: Exclude<Backend, "unknown">, because: string): void {
    if (this.settled) return;
    this.kind = kind;
    this.reason = because;
    this.settled = true;
  }

  /** Grant keys look different on each backend (flowfabric-admin §4.1, §4.2). */
  learnFromGrantKey(grantKey: string): void {
    if (grantKey.startsWith("ff:exec:")) this.learn("valkey", "a grant had the key of a Valkey record");
    else if (grantKey.startsWith("pg:")) this.learn("postgres", "a grant had the key of a Postgres record");
  }
}
