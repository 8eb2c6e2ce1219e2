import type { HttpExchange } from "../../../recordings/recordings.ts";
import { emptyBudget } from "../budget-routes.ts";
import type { SimulatedExecution, StateVector } from "../execution.ts";
import { parseExecutionId } from "../identifiers.ts";
import type { FlowfabricServer } from "../server.ts";
import { addExecution, giveFrames, prepareDuplicate, prepareFlow, prepareList } from "./recorded-state.ts";

type Body = Record<string, unknown>;

/** States that only workers, scanners and time bring about; the recording has no requests for them. */
const byWorkers = new Set(
  "active suspended resumable completed failed expired skipped rate_limited".split(" "),
);

/**
 * Brings the simulated server to where the real one was: what requests of the recording did is done by them; what workers
 * and requests that were not kept did is put in place before the exchange that shows it.
 */
export class Stage {
  readonly #tokens = new Map<string, string>();

  constructor(
    private readonly server: FlowfabricServer,
    private readonly list: readonly HttpExchange[],
  ) {
    for (const { path, body, request } of list) {
      const waitpoint = /waitpoints\/([^/]+)\/token$/.exec(path)?.[1];
      if (waitpoint && body) this.#noteToken(waitpoint, (body as Body).token);
      const { waitpoint_id: id, waitpoint_token: token } = (request ?? {}) as Body;
      if (path.endsWith("/signal") && !String(token).endsWith("0000")) this.#noteToken(String(id), token);
    }
  }

  async prepare(index: number): Promise<void> {
    const exchange = this.list[index];
    if (!exchange) return;
    this.#prepareStore(exchange);
    await this.#prepareRotation(exchange);
    if (exchange.status === 401 || exchange.status === 413) return;
    this.#prepareExecutions(exchange, index);
    prepareFlow(this.server.state, exchange);
    this.#prepareBudget(exchange);
    if (exchange.path.endsWith("/claim")) this.#prepareClaim(exchange);
  }

  #noteToken(id: string, token: unknown): void {
    if (typeof token === "string") this.#tokens.set(id, token);
  }

  #prepareStore(exchange: HttpExchange): void {
    const { state } = this.server;
    const said = JSON.stringify(exchange.body ?? "");
    const hangs = said.includes("valkey: timed out") || this.#isLostRotation(exchange);
    if (said.includes("Function not found") && state.store.state !== "empty") state.lose();
    else if (hangs) state.store.become("hung");
    else if (state.store.state === "hung") state.store.become("up");
  }

  /** Told as failed on all, while every partition took the key when its store woke up. */
  #isLostRotation({ request, body }: HttpExchange): boolean {
    return (request as Body | null)?.new_kid === "kid-504" && JSON.stringify(body).includes("failed on all");
  }

  async #prepareRotation(exchange: HttpExchange): Promise<void> {
    const { path, request, body, status } = exchange;
    if (!path.endsWith("/rotate-waitpoint-secret")) return;
    const { failed = [] } = (body ?? {}) as { failed?: number[] };
    for (const partition of failed)
      this.server.rotation.faults.set(partition, { kind: "transport", times: 1 });
    const { new_kid: kid } = (request ?? {}) as { new_kid?: string };
    const conflict = status === 400 && JSON.stringify(body).includes("failed on all");
    if (!conflict || this.#isLostRotation(exchange) || kid === undefined) return;
    // The same key id was installed with another secret before.
    const rotation = { kid, secretHex: "ee".repeat(32), graceMilliseconds: 60_000 };
    for (let partition = 0; partition < this.server.keystores.partitions; partition += 1)
      await this.server.keystores.rotate(partition, rotation);
  }

  #prepareExecutions(exchange: HttpExchange, index: number): void {
    const { path, request, body } = exchange;
    const id = idIn(path) ?? (request as Body | null)?.execution_id;
    if (path.startsWith("/v1/executions?")) prepareList(this.server.state, exchange);
    if (JSON.stringify(body ?? "").includes("Duplicate")) prepareDuplicate(this.server.state, exchange);
    if (path.startsWith("/v1/executions?") || path === "/v1/executions" || typeof id !== "string") return;
    if ("problem" in parseExecutionId(id)) return;
    if (saysUnknown(exchange)) this.server.state.executions.delete(id);
    else this.#prepareExecution(addExecution(this.server.state, id), exchange, index);
  }

  #prepareExecution(execution: SimulatedExecution, exchange: HttpExchange, index: number): void {
    const { path, status, body, method } = exchange;
    if (method === "GET" && status === 200) {
      const seen = this.#nextSeen(execution.id, index);
      if (seen) this.#asSeen(execution, seen, path);
      if (path.includes("/attempts/")) giveFrames(execution, path, body as Body);
      if (path.endsWith("/result")) execution.result = Buffer.from(String(body));
      if (Array.isArray(body)) this.#giveWaitpoints(execution, body as Body[]);
    } else this.#prepareAction(execution, exchange);
    if (path.includes("/waitpoints/") || path.endsWith("/signal")) this.#giveWaitpoint(execution, exchange);
  }

  /** What was read of it from here on. */
  #nextSeen(id: string, index: number): Body | undefined {
    const found = this.list
      .slice(index)
      .find(
        ({ path, status, method }) =>
          method === "GET" && status === 200 && idIn(path) === id && !/\}:[^/]+\/|%7D[^/]+\//.test(path),
      );
    return found?.body as Body | undefined;
  }

  #asSeen(execution: SimulatedExecution, seen: Body, path: string): void {
    const vector = seen.state_vector as StateVector;
    const isWhole = !/\/(state|result|pending-waitpoints|attempts|waitpoints)/.test(path);
    if (!isWhole) return;
    execution.priority = Number(seen.priority);
    execution.kind = String(seen.execution_kind);
    execution.lane = String(seen.lane_id);
    execution.flowId = (seen.flow_id as string | null) ?? undefined;
    const own = this.#made.has(execution.id) && !byWorkers.has(vector.public_state);
    if (own && execution.vector.public_state === vector.public_state) return;
    Object.assign(execution, {
      vector: { ...vector },
      blockingDetail: String(seen.blocking_detail),
      attempt: Number(seen.current_attempt_index),
      startedAt: seen.started_at === undefined ? undefined : Number(seen.started_at),
      completedAt: seen.completed_at === undefined ? undefined : Number(seen.completed_at),
    });
  }

  /** Created by a request of the recording, so that its states are the simulator's own. */
  get #made(): ReadonlySet<string> {
    return new Set(
      this.list
        .filter(
          ({ method, path, status }) => method === "POST" && path === "/v1/executions" && status === 201,
        )
        .map(({ request }) => String((request as Body).execution_id)),
    );
  }

  #prepareAction(execution: SimulatedExecution, exchange: HttpExchange): void {
    const { path, body } = exchange;
    const said = JSON.stringify(body ?? "");
    const { vector } = execution;
    const over = /terminal_outcome=(success|cancelled|skipped)/.exec(said)?.[1];
    if (over) Object.assign(vector, { lifecycle_phase: "terminal", terminal_outcome: over });
    if (said.includes("execution_not_eligible") && vector.public_state === "waiting")
      Object.assign(vector, { lifecycle_phase: "active", public_state: "active" });
    if (said.includes("execution_not_terminal") && vector.lifecycle_phase === "terminal" && this.#isValkey)
      Object.assign(vector, { lifecycle_phase: "active", terminal_outcome: "none", public_state: "active" });
    if (said.includes("Replayed") && vector.lifecycle_phase !== "terminal")
      Object.assign(vector, { lifecycle_phase: "terminal", terminal_outcome: "failed" });
    if (said.includes("max_replays_exhausted")) {
      Object.assign(vector, { lifecycle_phase: "terminal" });
      execution.replays = 10;
    }
    if (said.includes('"Revoked"')) {
      Object.assign(vector, { lifecycle_phase: "active", ownership_state: "leased" });
      execution.lease = { id: "lease", epoch: 2, expiresAt: 0 };
    }
    if (path.endsWith("/reclaim")) this.#prepareReclaim(execution, said);
  }

  #prepareReclaim(execution: SimulatedExecution, said: string): void {
    const { vector } = execution;
    if (!said.includes("granted") && !said.includes("GrantAlreadyExists")) return;
    if (said.includes("granted")) execution.grant = undefined;
    vector.lifecycle_phase = "active";
    if (vector.ownership_state !== "lease_revoked") vector.ownership_state = "lease_expired_reclaimable";
  }

  get #isValkey(): boolean {
    return this.server.state.backend === "valkey";
  }

  #giveWaitpoints(execution: SimulatedExecution, list: Body[]): void {
    for (const body of list) {
      const id = String(body.waitpoint_id);
      if (execution.waitpoints.some((waitpoint) => waitpoint.id === id)) continue;
      const kid = String(body.token_kid);
      const token = this.#tokens.get(id) ?? `${kid}:${String(body.token_fingerprint).padEnd(40, "0")}`;
      execution.waitpoints.push({
        id,
        key: String(body.waitpoint_key),
        state: body.state as "active",
        signals: body.required_signal_names as string[],
        createdAt: Number(body.created_at),
        ...(body.expires_at !== undefined && { expiresAt: Number(body.expires_at) }),
        kid,
        token,
      });
    }
  }

  /** Of what the recording shows only a token or a signal. */
  #giveWaitpoint(execution: SimulatedExecution, exchange: HttpExchange): void {
    const { path, request, status, body } = exchange;
    const id = /waitpoints\/([^/]+)\/token/.exec(path)?.[1] ?? String((request as Body | null)?.waitpoint_id);
    const token = this.#tokens.get(id);
    if (status === 404 || token === undefined || execution.waitpoints.some((each) => each.id === id)) return;
    const expired = JSON.stringify(body).includes("token_expired");
    execution.waitpoints.push({
      id,
      key: "",
      state: "active",
      signals: [],
      createdAt: 0,
      kid: expired ? "expired" : (token.split(":")[0] ?? ""),
      token,
    });
  }

  #prepareBudget({ path, status, body, method }: HttpExchange): void {
    const id = /^\/v1\/budgets\/([^/?]+)/.exec(path)?.[1];
    const { budgets } = this.server.state;
    if (id === undefined) return;
    if (status === 404) budgets.delete(id);
    if (status !== 200 || method !== "GET" || budgets.has(id)) return;
    const seen = body as Body;
    budgets.set(id, {
      ...emptyBudget(id),
      scopeType: String(seen.scope_type),
      scopeId: String(seen.scope_id),
      mode: String(seen.enforcement_mode),
      hard: seen.hard_limits as Record<string, number>,
      soft: seen.soft_limits as Record<string, number>,
      createdAt: seen.created_at === null ? undefined : Number(seen.created_at),
      nextResetAt: seen.next_reset_at === null ? undefined : Number(seen.next_reset_at),
    });
  }

  /** Which partitions a scan saw, and who else waited, is not in the recording. */
  #prepareClaim({ status, request }: HttpExchange): void {
    const { state } = this.server;
    if (!this.#isValkey) return;
    if (status === 204) state.spuriousEmptyClaims = 1;
    if (status !== 200) return;
    const { lane_id: lane } = request as Body;
    const ready = addExecution(state, "{fp:86}:00000000-0000-4000-8000-00000000000c");
    ready.lane = String(lane);
    ready.priority = 9_000;
  }
}

/** The execution's id in a path. */
function idIn(path: string): string | undefined {
  const segment = /^\/v1\/executions\/([^/?]+)/.exec(path)?.[1];
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function saysUnknown({ status, body }: HttpExchange): boolean {
  const said = JSON.stringify(body ?? "");
  return (
    (status === 404 && !said.includes("result not found") && !said.includes("waitpoint token")) ||
    said.includes("execution_not_found")
  );
}
