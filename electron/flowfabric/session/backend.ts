import type { Failure } from "../../../shared/contract/index.ts";
import type { Backend } from "../../../shared/flowfabric/server-schema.ts";

/** Texts that only one backend has (flowfabric-admin §0). */
const signs: readonly (readonly [RegExp, Exclude<Backend, "unknown">, string])[] = [
  [/transport \(valkey\)/, "valkey", "an answer names its transport to Valkey"],
  [/keystore empty/, "postgres", "an answer names its empty keystore, which is so on Postgres only"],
  [
    /unavailable: (sqlite\.|ping$)/,
    "sqlite",
    "it cannot ping its backend or list, which is so on SQLite only",
  ],
];

/** What keeps a server's state, as far as it is known; no route tells, but replies give it away. */
export class BackendKnowledge {
  private kind: Backend;
  private reason: string;

  constructor(told: Backend) {
    this.kind = told;
    this.reason = told === "unknown" ? "nothing has shown it yet" : "the connection's settings say so";
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

  /** What a server cannot do, and what fails behind it, gives away its backend. */
  learnFromFailure({ upstream = "" }: Failure): void {
    for (const [pattern, kind, because] of signs) if (pattern.test(upstream)) this.learn(kind, because);
  }

  /** Of a rotation with one entry nothing tells whether it is Postgres or SQLite (flowfabric-admin §3.1). */
  learnFromRotation(entries: number): void {
    if (entries === 1) this.learn("postgres", "a rotation had one entry: Postgres, or SQLite");
    else this.learn("valkey", "a rotation had more than one entry");
  }

  /** Grant keys look different on each backend (flowfabric-admin §4.1, §4.2). */
  learnFromGrantKey(grantKey: string): void {
    if (grantKey.startsWith("ff:exec:")) this.learn("valkey", "a grant had the key of a Valkey record");
    else if (grantKey.startsWith("pg:")) this.learn("postgres", "a grant had the key of a Postgres record");
  }
}
