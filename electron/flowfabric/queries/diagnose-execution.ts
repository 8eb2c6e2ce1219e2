import type { ExecutionDiagnosis, StateVector } from "../../../shared/flowfabric/execution-schema.ts";
import type { Backend } from "../../../shared/flowfabric/server-schema.ts";

type Finding = (state: StateVector, backend: Backend) => ExecutionDiagnosis | undefined;

/** What an execution's state means and what can be done, after the playbook (flowfabric-admin §4.3). */
export function diagnoseExecution(state: StateVector, backend: Backend): ExecutionDiagnosis {
  for (const find of findings) {
    const found = find(state, backend);
    if (found) return found;
  }
  return {
    level: "waiting",
    summary: `${state.lifecyclePhase}, ${state.ownershipState}, ${state.eligibilityState}`,
    advice: "This console does not know this combination of states.",
    actions: ["cancel"],
  };
}

const findings: readonly Finding[] = [
  over,
  submitted,
  orphaned,
  unowned,
  leased,
  suspended,
  blocked,
  waiting,
];

function over(state: StateVector, backend: Backend): ExecutionDiagnosis | undefined {
  if (state.lifecyclePhase !== "terminal") return undefined;
  const elsewhere = keepsOneKeystore(backend) && state.terminalOutcome === "cancelled";
  return {
    level: "over",
    summary: `Over: ${state.publicState}`,
    advice: elsewhere
      ? "On Postgres and SQLite a cancelled execution cannot be replayed."
      : "It can be replayed as often as its policy allows.",
    actions: elsewhere ? [] : ["replay"],
  };
}

function keepsOneKeystore(backend: Backend): boolean {
  return backend === "postgres" || backend === "sqlite";
}

/** Created on Postgres or SQLite, where nothing makes it runnable (flowfabric-admin §1.6). */
function submitted({ lifecyclePhase }: StateVector): ExecutionDiagnosis | undefined {
  if (lifecyclePhase !== "submitted") return undefined;
  return {
    level: "waiting",
    summary: "Created, and never made runnable",
    advice:
      "So ff-server 0.15 leaves everything that is created on Postgres or SQLite, whatever workers poll: no claim finds it, and its priority cannot be changed. Only cancelling has an effect.",
    actions: ["cancel"],
  };
}

function orphaned({ ownershipState }: StateVector, backend: Backend): ExecutionDiagnosis | undefined {
  if (ownershipState !== "lease_expired_reclaimable" && ownershipState !== "lease_revoked") return undefined;
  const revoked = ownershipState === "lease_revoked";
  return {
    level: "stuck",
    summary: revoked
      ? "Its lease was revoked, and nobody has taken it over"
      : "Its owner is gone: the lease has expired",
    advice:
      backend === "postgres"
        ? "On Postgres the reconciler puts it back into the queue by itself; wait a moment and look again."
        : "Nothing takes it over by itself: let a worker reclaim it that is ready to, or cancel it. It goes on being called active.",
    actions: ["reclaim", "cancel"],
  };
}

/** On Postgres a reclaim is granted for these as well (flowfabric-admin §4.2). */
function unowned(state: StateVector, backend: Backend): ExecutionDiagnosis | undefined {
  if (state.lifecyclePhase !== "active" || state.ownershipState !== "unowned") return undefined;
  return {
    level: "stuck",
    summary: "Stuck: active without an owner",
    advice:
      backend === "postgres"
        ? "The reconciler may put it back into the queue; where it does not, let a worker reclaim it, or cancel it."
        : "It may be between two owners: look again. Where it stays so, cancel it.",
    actions: backend === "valkey" || backend === "sqlite" ? ["cancel"] : ["reclaim", "cancel"],
  };
}

function leased(state: StateVector, backend: Backend): ExecutionDiagnosis | undefined {
  if (state.lifecyclePhase !== "active" || state.ownershipState !== "leased") return undefined;
  return {
    level: "fine",
    summary: "A worker holds the lease",
    advice:
      backend === "postgres" || backend === "sqlite"
        ? `If it makes no progress, revoke the lease: it goes back into the queue at once.${backend === "sqlite" ? " A server on SQLite does not notice by itself that a worker died." : ""}`
        : "If it makes no progress, revoke the lease. On Valkey it then stays parked until a worker reclaims it or it is cancelled.",
    actions: ["revoke-lease", "cancel"],
  };
}

function suspended({ lifecyclePhase }: StateVector): ExecutionDiagnosis | undefined {
  if (lifecyclePhase !== "suspended") return undefined;
  return {
    level: "waiting",
    summary: "Suspended until a signal comes",
    advice: "Look at its waitpoints; a signal needs the token of one of them.",
    actions: ["signal", "cancel"],
  };
}

const blocks: Record<string, Omit<ExecutionDiagnosis, "actions">> = {
  blocked_by_route: {
    level: "stuck",
    summary: "No registered worker has the capabilities that it needs",
    advice: "Start such a worker; the server then lets it go on within seconds.",
  },
  blocked_by_budget: {
    level: "stuck",
    summary: "A budget is used up",
    advice: "Reset the budget, or wait for its next reset.",
  },
  blocked_by_quota: {
    level: "waiting",
    summary: "A quota holds it back",
    advice: "Wait: rate and concurrency quotas free themselves.",
  },
  blocked_by_dependencies: {
    level: "waiting",
    summary: "Waits for other executions of its flow",
    advice: "Look at what it depends on.",
  },
  blocked_by_lane_state: {
    level: "waiting",
    summary: "Its lane is held",
    advice: "Look at the lane.",
  },
  blocked_by_operator: {
    level: "waiting",
    summary: "Paused by an operator",
    advice: "Whoever paused it can let it go on.",
  },
  not_eligible_until_time: {
    level: "waiting",
    summary: "Waits for its time",
    advice: "A lane that the server's FF_LANES does not name is never promoted.",
  },
};

function blocked({ eligibilityState }: StateVector): ExecutionDiagnosis | undefined {
  const block = Object.hasOwn(blocks, eligibilityState) ? blocks[eligibilityState] : undefined;
  return block && { ...block, actions: ["cancel"] };
}

function waiting({ eligibilityState }: StateVector, backend: Backend): ExecutionDiagnosis | undefined {
  if (eligibilityState !== "eligible_now") return undefined;
  return {
    level: "waiting",
    summary: "Waits for a worker",
    advice:
      backend === "postgres"
        ? "If it waits for long: no worker polls its lane, or a claim that nobody used has stranded it, which the server does not show."
        : "If it waits for long, no worker polls its lane. A claim from here would not run it.",
    actions: ["priority", "cancel"],
  };
}
