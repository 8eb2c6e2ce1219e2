import { nextTurn } from "../../kit/timers.ts";
import type { ControlRequest, HostContext, Outcome, RunningComponent } from "../host/host-context.ts";
import { eventHost, refused } from "../host/host-context.ts";
import { fetchImage, fetchTerms } from "../host/image-fetch.ts";
import type { ImageClaims } from "../host/images.ts";
import { fetchFailure } from "../host/images.ts";
import type { StringMap } from "../host/lattice-state.ts";
import { RequestReader, readRequest } from "../host/request-reader.ts";
import type { ScaledFacts } from "./component-events.ts";
import { publishInstanceEnd, publishScaled } from "./component-events.ts";
import { leaveGhost } from "./serving-code.ts";

interface UpdateCommand {
  id: string;
  reference: string;
  annotations: StringMap;
  hostId: string;
}

/** What an update goes on with: the entry as it was when it began, and what the new image says. */
interface Loaded {
  before: RunningComponent;
  claims: ImageClaims | undefined;
}

/** Downloads and compiles the new code; undefined when there is nothing to update, or it cannot be. */
async function load(context: HostContext, { id, reference }: UpdateCommand): Promise<Loaded | undefined> {
  const before = context.state.components.get(id);
  if (!before || (context.features.updateReplies && before.reference === reference)) return undefined;
  const image = await fetchImage(context, reference);
  await nextTurn();
  if (!image || image.badSignature !== undefined) return undefined;
  if (fetchFailure("component", reference, image, fetchTerms(context)) !== undefined) return undefined;
  return { before, claims: image.claims };
}

/** The misleading zero: meant for the old code, but built from the new one since 1.0.1 (wasmcloud-control §2.7). */
function announce(context: HostContext, command: UpdateCommand, { before, claims }: Loaded): void {
  const { id, reference } = command;
  const { count } = before;
  const hostId = eventHost(context, command.hostId);
  if (context.features.updateLeavesOldCode) {
    const facts: ScaledFacts = { id, count, reference, annotations: command.annotations, hostId, claims };
    publishScaled(context, facts);
    publishScaled(context, { ...facts, count: 0 });
    return;
  }
  const facts: ScaledFacts = { id, count, reference, annotations: before.annotations, hostId, claims };
  publishScaled(context, facts);
  const ended = { ...facts, count: 0, reference: before.reference };
  publishInstanceEnd(context, ended);
  publishScaled(context, ended);
}

/** Stores what was kept since the update began, over whatever a scale has stored meanwhile (wasmcloud-control §5.4). */
function store(context: HostContext, command: UpdateCommand, { before, claims }: Loaded): void {
  const { id, reference, annotations } = command;
  const { updateLeavesOldCode } = context.features;
  if (updateLeavesOldCode) leaveGhost(context.state, id);
  const entry = { ...before, reference, annotations, claims, code: reference, serves: !updateLeavesOldCode };
  context.state.components.set(id, entry);
}

/** Replaces the image of a running component; every failure is silent (wasmcloud-control §5.4). */
export async function runUpdate(context: HostContext, command: UpdateCommand): Promise<void> {
  const loaded = await context.locks.components.reading(async () => {
    const found = await load(context, command);
    if (found) announce(context, command, found);
    return found;
  });
  if (!loaded) return;
  if (loaded.claims) context.lattice.putClaims({ kind: "component", claims: loaded.claims });
  await context.locks.components.writing(() => store(context, command, loaded));
}

function readUpdate(payload: Uint8Array): UpdateCommand {
  const body = new RequestReader(payload);
  return {
    id: body.string("component_id", ""),
    reference: body.string("new_component_ref", ""),
    annotations: body.optionalMap("annotations") ?? {},
    hostId: body.string("host_id", ""),
  };
}

/** Handles `component.update` (wasmcloud-control §2.7). */
export async function updateComponent(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const command = readRequest("failed to deserialize component update command", () =>
    readUpdate(request.payload),
  );
  const { id, reference } = command;
  const current = await context.locks.components.reading(() => context.state.components.get(id));
  const after = (): Promise<void> => runUpdate(context, command);
  if (!context.features.updateReplies) return { reply: { success: true, message: "" }, after };
  // These texts are the same in all later versions, unlike the other success texts.
  if (!current) return { reply: refused(`component ${id} not found`) };
  if (current.reference === reference)
    return { reply: { success: true, message: `component ${id} already updated to ${reference}` } };
  const message = `component ${id} updating from ${current.reference} to ${reference}`;
  return { reply: { success: true, message }, after };
}
