import type { WireRequest } from "../../../shared/contract/index.ts";
import { withoutSecretAnnotations } from "../../../shared/lattice/inputs.ts";
import type { ControlRequest, StringMap } from "./control-types.ts";
import { type ControlScope, type ControlVerb, controlSubject } from "./subjects.ts";

interface OnHost {
  hostId: string;
}

interface OnComponent extends OnHost {
  componentId: string;
}

export interface ScaleComponent extends OnComponent {
  imageReference: string;
  maxInstances: number;
  /** Required on purpose: what is left out here is dropped by the host (wasmcloud-control trap 43). */
  config: readonly string[];
  annotations?: StringMap | undefined;
  limits?: StringMap | undefined;
  allowUpdate?: boolean | undefined;
}

export interface UpdateComponent extends OnComponent {
  newImageReference: string;
  annotations?: StringMap | undefined;
}

export interface StopProvider extends OnHost {
  providerId: string;
}

export interface StartProvider extends StopProvider {
  imageReference: string;
  config?: readonly string[] | undefined;
  annotations?: StringMap | undefined;
}

export interface StopHost extends OnHost {
  timeoutMs?: number | undefined;
}

export interface DeleteLabel extends OnHost {
  key: string;
}

export interface PutLabel extends DeleteLabel {
  value: string;
}

function directed(
  scope: ControlScope,
  verb: ControlVerb & { id: string },
  payload?: unknown,
): ControlRequest {
  const subject = controlSubject(scope, verb);
  const request: ControlRequest = { subject, lattice: scope.lattice, mode: "directed", hostId: verb.id };
  return payload === undefined ? request : { ...request, payload };
}

/** Asks one host for its inventory (wasmcloud-control §2.2). */
export function inventoryRequest(scope: ControlScope, { hostId }: OnHost): ControlRequest {
  return { ...directed(scope, { noun: "host", verb: "get", id: hostId }), query: true };
}

/** Starts, resizes, reconfigures or (0) stops a component; the wire name of `maxInstances` is `count` (wasmcloud-control §2.6). */
export function scaleRequest(scope: ControlScope, scale: ScaleComponent): ControlRequest {
  return directed(
    scope,
    { noun: "component", verb: "scale", id: scale.hostId },
    {
      component_ref: scale.imageReference,
      component_id: scale.componentId,
      ...(scale.annotations && { annotations: scale.annotations }),
      count: scale.maxInstances,
      ...(scale.limits && { component_limits: scale.limits }),
      host_id: scale.hostId,
      config: scale.config,
      allow_update: scale.allowUpdate ?? false,
    },
  );
}

/** Replaces a running component's image and its annotations (wasmcloud-control §2.7). */
export function updateRequest(scope: ControlScope, update: UpdateComponent): ControlRequest {
  return directed(
    scope,
    { noun: "component", verb: "update", id: update.hostId },
    {
      component_id: update.componentId,
      host_id: update.hostId,
      new_component_ref: update.newImageReference,
      ...(update.annotations && { annotations: update.annotations }),
    },
  );
}

/** Starts a provider on one host (wasmcloud-control §2.8). */
export function startProviderRequest(scope: ControlScope, start: StartProvider): ControlRequest {
  return directed(
    scope,
    { noun: "provider", verb: "start", id: start.hostId },
    {
      provider_id: start.providerId,
      provider_ref: start.imageReference,
      host_id: start.hostId,
      config: start.config ?? [],
      ...(start.annotations && { annotations: start.annotations }),
    },
  );
}

/** Stops a provider on one host (wasmcloud-control §2.9). */
export function stopProviderRequest(
  scope: ControlScope,
  { hostId, providerId }: StopProvider,
): ControlRequest {
  const payload = { host_id: hostId, provider_id: providerId };
  return directed(scope, { noun: "provider", verb: "stop", id: hostId }, payload);
}

/** Shuts a host down; the deadline is in milliseconds on the wire too (wasmcloud-control §2.10, trap 20). */
export function stopHostRequest(scope: ControlScope, { hostId, timeoutMs }: StopHost): ControlRequest {
  const payload = { host_id: hostId, ...(timeoutMs !== undefined && { timeout: timeoutMs }) };
  return directed(scope, { noun: "host", verb: "stop", id: hostId }, payload);
}

/** Sets a label of one host (wasmcloud-control §2.11). */
export function putLabelRequest(scope: ControlScope, { hostId, key, value }: PutLabel): ControlRequest {
  return directed(scope, { noun: "label", verb: "put", id: hostId }, { key, value });
}

/** Removes a label of one host; `value` is sent for hosts up to 1.5.0, which insist on it (wasmcloud-control §2.12). */
export function deleteLabelRequest(scope: ControlScope, { hostId, key }: DeleteLabel): ControlRequest {
  return directed(scope, { noun: "label", verb: "del", id: hostId }, { key, value: "" });
}

function recordable(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null || !("annotations" in payload)) return payload;
  return withoutSecretAnnotations(payload as { annotations: Record<string, string> });
}

/** The request as an audit keeps it: exact subject and body, secrets replaced. */
export function describeRequest(request: ControlRequest): WireRequest {
  const payload = request.recordable ?? recordable(request.payload);
  const wire: WireRequest = { protocol: "nats", address: request.subject };
  return payload === undefined ? wire : { ...wire, payload };
}
