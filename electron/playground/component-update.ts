import { publishExtraZero, publishScaled } from "./component-events.ts";
import type { ControlRequest, HostContext, Outcome } from "./host-context.ts";
import { eventHost, refused } from "./host-context.ts";
import { fetchFailure } from "./images.ts";
import type { StringMap } from "./lattice-state.ts";
import { RequestReader, readRequest } from "./request-reader.ts";

interface UpdateCommand {
  id: string;
  reference: string;
  annotations: StringMap;
  hostId: string;
}

/** Replaces the image of a running component; every failure is silent (wasmcloud-control §5.4). */
export async function runUpdate(context: HostContext, command: UpdateCommand): Promise<void> {
  const { id, reference, annotations } = command;
  const image = context.images.find(reference);
  if (image.delayMilliseconds) await context.timers.delay(image.delayMilliseconds);
  const current = context.state.components.get(id);
  if (!current || current.reference === reference) return;
  if (image.badSignature ?? fetchFailure("component", reference, image, context.settings.fileLoading)) return;
  const hostId = eventHost(context, command.hostId);
  const facts = { id, count: current.count, reference, annotations, hostId, claims: image.claims };
  publishScaled(context, facts);
  publishScaled(context, { ...facts, count: 0 });
  publishExtraZero(context, facts);
  if (image.claims) context.lattice.putClaims({ kind: "component", claims: image.claims });
  context.state.components.set(id, { ...current, reference, annotations, claims: image.claims });
}

/** Handles `component.update` (wasmcloud-control §2.7). */
export function updateComponent(context: HostContext, request: ControlRequest): Outcome {
  const command = readRequest("failed to deserialize component update command", (): UpdateCommand => {
    const body = new RequestReader(request.payload);
    return {
      id: body.string("component_id", ""),
      reference: body.string("new_component_ref", ""),
      annotations: body.optionalMap("annotations") ?? {},
      hostId: body.string("host_id", ""),
    };
  });
  const { id, reference } = command;
  const current = context.state.components.get(id);
  if (!current) return { reply: refused(`component ${id} not found`) };
  // These texts are the same in all versions, unlike the other success texts.
  if (current.reference === reference)
    return { reply: { success: true, message: `component ${id} already updated to ${reference}` } };
  return {
    reply: { success: true, message: `component ${id} updating from ${current.reference} to ${reference}` },
    after: () => runUpdate(context, command),
  };
}
