import type { HostContext } from "../host/host-context.ts";
import type { ImageClaims } from "../host/images.ts";
import type { StringMap } from "../host/lattice-state.ts";
import { componentEventClaims } from "./claims.ts";

export interface ScaledFacts {
  id: string;
  count: number;
  reference: string;
  annotations: StringMap;
  hostId: string;
  claims?: ImageClaims;
}

/** Publishes `component_scaled` (wasmcloud-control §4.7). */
export function publishScaled(context: HostContext, facts: ScaledFacts): void {
  context.publish("component_scaled", {
    ...componentEventClaims(context, facts.claims),
    annotations: facts.annotations,
    host_id: facts.hostId,
    image_ref: facts.reference,
    max_instances: facts.count,
    component_id: facts.id,
  });
}

/** Publishes the zero by which only 1.0.0 says that an instance ended (wasmcloud-control Appendix A, last note). */
export function publishInstanceEnd(context: HostContext, facts: ScaledFacts): void {
  if (context.features.zeroWhenInstanceEnds) publishScaled(context, { ...facts, count: 0 });
}

/** Publishes `component_scale_failed` with the requested values (wasmcloud-control §4.8). */
export function publishLateFailure(context: HostContext, facts: ScaledFacts, error: string): void {
  context.publish("component_scale_failed", {
    ...(facts.claims ? { public_key: facts.claims.publicKey } : {}),
    component_id: facts.id,
    annotations: facts.annotations,
    host_id: facts.hostId,
    image_ref: facts.reference,
    max_instances: facts.count,
    error,
  });
}

/** Publishes a failure before the last step of a start, where the version does not only log it. */
export function publishScaleFailed(context: HostContext, facts: ScaledFacts, error: string): void {
  if (context.features.everyScaleReported) publishLateFailure(context, facts, error);
}
