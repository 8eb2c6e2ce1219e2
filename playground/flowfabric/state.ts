import type { SimulatedExecution } from "./execution.ts";
import { executionProblemRefusal } from "./refusals.ts";
import { Refusal } from "./reply.ts";
import { Store } from "./store.ts";

export type Backend = "valkey" | "postgres" | "sqlite";

export interface SimulatedFlow {
  id: string;
  members: string[];
  revision: number;
  edges: Map<string, { upstream: string; downstream: string; applied: boolean }>;
  cancelled: string | undefined;
}

export interface SimulatedBudget {
  id: string;
  scopeType: string;
  scopeId: string;
  mode: string;
  usage: Map<string, number>;
  hard: Record<string, number>;
  soft: Record<string, number>;
  breaches: number;
  softBreaches: number;
  lastBreachAt: number | undefined;
  lastBreachDimension: string | undefined;
  resetInterval: number;
  nextResetAt: number | undefined;
  createdAt: number | undefined;
  keys: Set<string>;
}

/** Everything that the simulated server knows, and the clock of its backend. */
export class ServerState {
  readonly executions = new Map<string, SimulatedExecution>();
  readonly flows = new Map<string, SimulatedFlow>();
  readonly budgets = new Map<string, SimulatedBudget>();
  readonly quotas = new Set<string>();
  readonly idempotency = new Map<string, string>();
  readonly signals = new Set<string>();
  /** Says no even where there is work: the scan window was elsewhere. */
  spuriousEmptyClaims = 0;
  streamOperations = 0;
  /** Calls by lane, whatever came of them; only the scheduler of Valkey counts them. */
  readonly claims = new Map<string, number>();
  readonly store = new Store();
  /** Whether dependants are skipped before a flow's cancellation comes to them: a race on the real server. */
  skipsAtOnce = false;

  constructor(
    readonly backend: Backend,
    readonly partitions: number,
    readonly now: () => number,
  ) {}

  /** The store came back empty; only a restart of the server loads its functions again. */
  lose(): void {
    this.store.become("empty");
    for (const kept of [
      this.executions,
      this.flows,
      this.budgets,
      this.quotas,
      this.idempotency,
      this.signals,
    ])
      kept.clear();
  }

  /** The execution of a path. Throws the refusal for an id of the wrong shape and for an unknown one. */
  execution(id: string, label?: string): SimulatedExecution {
    executionProblemRefusal(id);
    const found = this.executions.get(id);
    if (found) return found;
    throw label
      ? this.refusal({
          label,
          code: "execution_not_found",
          text: "execution does not exist",
          typed: [404, "not found: execution"],
        })
      : notFound(`execution not found: ${id}`);
  }

  /** A business refusal: Valkey wraps it as a transport error, the others give it its proper form. */
  refusal(params: { label: string; code: string; text: string; typed: TypedRefusal }): Refusal {
    const [status, error, kind, retryable] = params.typed;
    if (this.backend !== "valkey") return refusalOf(status, error, kind, retryable);
    return refusalOf(
      500,
      `engine: ${params.label}: transport (valkey): ${params.code}: ${params.text}`,
      undefined,
      true,
    );
  }
}

export type TypedRefusal = readonly [status: number, error: string, kind?: string, retryable?: boolean];

function notFound(error: string): Refusal {
  return refusalOf(404, error);
}

function refusalOf(status: number, error: string, kind?: string, retryable?: boolean): Refusal {
  return new Refusal({
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error, kind, retryable }),
  });
}
