import {
  type Activity,
  type ActivityState,
  type ActivityTarget,
  type CallContext,
  type CallOptions,
  mayMove,
} from "../../../shared/contract/index.ts";

/** What somebody wants to do, before anything is prepared. */
export interface Intent {
  operation: string;
  title: string;
  input: { connectionId: string } & Record<string, unknown>;
  /** As far as the input alone tells. */
  target?: ActivityTarget;
  /** Where the connection leads, as a hash. */
  destination?: string;
  options: CallOptions;
  context: CallContext;
}

/** The activity at the moment it is written down. */
export function begin(id: string, intent: Intent, now: number): Activity {
  const at = new Date(now).toISOString();
  return {
    id,
    operation: intent.operation,
    title: intent.title,
    state: "recorded",
    message: "Written down; not sent yet.",
    connectionId: intent.input.connectionId,
    ...(intent.destination !== undefined && { destination: intent.destination }),
    target: intent.target,
    actor: intent.context.actor,
    transport: intent.context.transport,
    reason: intent.options.reason,
    batch: intent.options.batch,
    input: intent.input,
    evidence: [],
    steps: [{ state: "recorded", at }],
    startedAt: at,
    updatedAt: at,
  };
}

/** The activity one step on; throws when the life of a command has no such step. */
export function advance(
  activity: Activity,
  state: ActivityState,
  { now, patch, proof = false }: { now: number; patch: Partial<Activity>; proof?: boolean },
): Activity {
  if (!mayMove(activity.state, state, { proof }))
    throw new Error(`an activity cannot go from ${activity.state} to ${state}`);
  const at = new Date(now).toISOString();
  const next: Activity = {
    ...activity,
    ...patch,
    state,
    evidence: [...activity.evidence, ...(patch.evidence ?? [])],
    steps: [...activity.steps, { state, at }],
    updatedAt: at,
  };
  const after = now - Date.parse(activity.startedAt);
  if (state === "acknowledged") next.acknowledgedAfterMs = after;
  if (state === "confirmed" || (state === "verified" && next.confirmedAfterMs === undefined)) {
    next.confirmedAfterMs = after;
  }
  return next;
}

/** The activity with a further remark or finding, in the same state. */
export function annotate(activity: Activity, now: number, patch: Partial<Activity>): Activity {
  return {
    ...activity,
    ...patch,
    evidence: [...activity.evidence, ...(patch.evidence ?? [])],
    updatedAt: new Date(now).toISOString(),
  };
}
