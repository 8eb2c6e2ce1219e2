import type { ControlRequest, HostContext, Outcome } from "../host/host-context.ts";
import { accepted, answered, refused } from "../host/host-context.ts";
import { describeHost, labelsOf, readInventory } from "../host/inventory.ts";
import type { StringMap } from "../host/lattice-state.ts";
import { parseJson, RequestReader, readRequest, toStringMap } from "../host/request-reader.ts";

/** Handles `host.ping` (wasmcloud-control §2.1). */
export function pingHost(context: HostContext): Outcome {
  return { reply: answered(describeHost(context)) };
}

/** Handles `host.get` (wasmcloud-control §2.2). */
export async function getInventory(context: HostContext): Promise<Outcome> {
  return { reply: answered(await readInventory(context)) };
}

/** Handles `host.stop`; the time limit is in milliseconds (wasmcloud-control §2.10). */
export function stopHost(context: HostContext, request: ControlRequest): Outcome {
  const command = readRequest("failed to deserialize stop command", () => {
    if (context.features.stopBodyChecked && request.payload.length === 0)
      return { hostId: "", deadline: undefined };
    const body = new RequestReader(request.payload);
    const deadline = body.isNull("timeout") ? undefined : body.unsigned("timeout", Number.MAX_SAFE_INTEGER);
    return { hostId: body.string("host_id", ""), deadline };
  });
  if (context.features.stopBodyChecked && command.hostId !== "" && command.hostId !== context.state.id)
    return { reply: refused(`invalid host_id [${command.hostId}]`) };
  return {
    reply: accepted(context, "successfully handled stop host"),
    after: () => context.shutDown(command.deadline),
  };
}

function publishLabels(context: HostContext): void {
  context.publish("labels_changed", { host_id: context.state.id, labels: labelsOf(context) });
}

/** Handles `label.put` (wasmcloud-control §2.11). */
export function putLabel(context: HostContext, request: ControlRequest): Outcome {
  const { key, value } = readRequest("failed to deserialize put label request", () => {
    const body = new RequestReader(request.payload);
    return { key: body.string("key"), value: body.string("value") };
  });
  if (context.features.coreLabelsProtected && /^hostcore\./i.test(key))
    return { reply: refused("hostcore.* labels cannot be set dynamically") };
  context.state.labels.set(key, value);
  publishLabels(context);
  return { reply: accepted(context, "successfully put label") };
}

/** Handles `label.del` (wasmcloud-control §2.12). */
export function deleteLabel(context: HostContext, request: ControlRequest): Outcome {
  const key = readRequest("failed to deserialize delete label request", () => {
    const body = new RequestReader(request.payload);
    if (context.features.labelDeletionNeedsValue) body.string("value");
    return body.string("key");
  });
  if (!context.state.labels.delete(key))
    return { reply: accepted(context, "successfully deleted label (no such label)") };
  publishLabels(context);
  return { reply: accepted(context, "successfully deleted label") };
}

function readCredential(value: unknown): StringMap {
  const present = Object.entries(value as object).filter(([, entry]) => entry !== null);
  const known = present.filter(([key]) => ["username", "password", "token", "registryType"].includes(key));
  return toStringMap(Object.fromEntries(known));
}

/** Handles `registry.put`: merges by registry, in memory only (wasmcloud-control §2.19). */
export async function putRegistries(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const registries = readRequest("failed to deserialize registries put command", () => {
    const body = parseJson(request.payload);
    if (typeof body !== "object" || body === null || Array.isArray(body)) throw new TypeError("not a map");
    return Object.entries(body).map(([name, value]) => ({ name, credential: readCredential(value) }));
  });
  await context.locks.registries.writing(() => {
    for (const { name, credential } of registries) context.state.registries.set(name, credential);
  });
  return { reply: accepted(context, "successfully put registries") };
}
