import type { ScaledFacts } from "./component-events.ts";
import { publishExtraZero, publishScaled, publishScaleFailed } from "./component-events.ts";
import { runUpdate } from "./component-update.ts";
import type { ControlRequest, HostContext, Outcome, RunningComponent } from "./host-context.ts";
import { eventHost } from "./host-context.ts";
import type { Image } from "./images.ts";
import { fetchFailure } from "./images.ts";
import type { StringMap } from "./lattice-state.ts";
import { configFailure, isSecret } from "./named-config.ts";
import { RequestReader, readRequest } from "./request-reader.ts";

const largestCount = 4_294_967_295;

interface ScaleCommand {
  id: string;
  reference: string;
  count: number;
  annotations: StringMap;
  limits: StringMap | null;
  hostId: string;
  config: string[];
  allowUpdate: boolean;
}

function readLimits(context: HostContext, body: RequestReader): StringMap | null {
  if (!context.features.limits) return null;
  const given = body.optionalMap("component_limits") ?? {};
  const known = Object.entries(given).filter(
    ([key, value]) => ["max_memory_limit", "max_execution_time"].includes(key) && /^\d+$/.test(value),
  );
  return known.length > 0 ? Object.fromEntries(known) : null;
}

function readScale(context: HostContext, payload: Uint8Array): ScaleCommand {
  const body = new RequestReader(payload);
  return {
    reference: body.string("component_ref", ""),
    id: body.string("component_id"),
    count: body.unsigned("count", largestCount) ?? 0,
    annotations: body.optionalMap("annotations") ?? {},
    limits: readLimits(context, body),
    hostId: body.string("host_id", ""),
    config: body.strings("config", []),
    allowUpdate: context.features.allowUpdate && body.boolean("allow_update", false),
  };
}

function acknowledgement(old: string, command: ScaleCommand): string {
  if (command.allowUpdate)
    return `Requested to scale existing component, with a changed image reference: ${old} != ${command.reference}. The component will be scaled, and the image reference will be updated afterwards.`;
  return `Requested to scale existing component to a different image reference: ${old} != ${command.reference}. The component will be scaled but the image reference will not be updated. If you meant to update this component to a new image ref, use the update command.`;
}

function facts(context: HostContext, command: ScaleCommand, image: Image): ScaledFacts {
  const { id, count, reference, annotations } = command;
  const claims = image.badSignature === undefined ? image.claims : undefined;
  return { id, count, reference, annotations, hostId: eventHost(context, command.hostId), claims };
}

function remember(context: HostContext, command: ScaleCommand, claims: RunningComponent["claims"]): void {
  const { reference, annotations, count, config, limits } = command;
  const configNames = config.filter((name) => !isSecret(name));
  context.state.components.set(command.id, { reference, annotations, count, configNames, limits, claims });
}

function start(context: HostContext, command: ScaleCommand, image: Image): void {
  const requested = facts(context, command, image);
  const error =
    configFailure(context, command.config) ??
    fetchFailure("component", command.reference, image, context.settings.fileLoading);
  if (error !== undefined) {
    publishScaleFailed(context, requested, error);
    return;
  }
  remember(context, command, image.claims);
  context.lattice.ensureSpec(command.id, command.reference);
  if (image.claims) context.lattice.putClaims({ kind: "component", claims: image.claims });
  publishScaled(context, { ...requested, hostId: context.state.id });
  if (context.features.everyScaleReported) publishScaled(context, requested);
}

function resize(context: HostContext, command: ScaleCommand, image: Image, before: RunningComponent): void {
  const requested = facts(context, command, image);
  const sameNames =
    command.config.length === before.configNames.length &&
    command.config.every((name, index) => name === before.configNames[index]);
  if (!sameNames) {
    const error = configFailure(context, command.config);
    if (error !== undefined) {
      publishScaleFailed(context, requested, error);
      return;
    }
  }
  const stored = {
    ...requested,
    reference: before.reference,
    annotations: before.annotations,
    claims: before.claims,
  };
  const sameCount = command.count === before.count;
  // The new reference is remembered although the old code goes on running (wasmcloud-control §2.6).
  if (!sameCount || !sameNames) remember(context, command, before.claims);
  if (context.features.everyScaleReported || !sameCount) publishScaled(context, stored);
  if (!sameCount) publishExtraZero(context, stored);
}

function applyScale(context: HostContext, command: ScaleCommand, image: Image): void {
  const now = context.state.components.get(command.id);
  const requested = facts(context, command, image);
  if (!now && command.count === 0) {
    if (context.features.everyScaleReported) publishScaled(context, requested);
  } else if (!now) {
    start(context, command, image);
  } else if (command.count === 0) {
    context.state.components.delete(command.id);
    const { reference, annotations, claims } = now;
    publishScaled(context, { ...requested, reference, annotations, claims });
    publishExtraZero(context, { ...requested, reference, annotations, claims });
  } else {
    resize(context, command, image, now);
  }
}

function fatalFailure(context: HostContext, command: ScaleCommand, image: Image): string | undefined {
  if (image.badSignature !== undefined) return image.badSignature;
  if (!context.features.stopWithoutImage) {
    const error = fetchFailure("component", command.reference, image, context.settings.fileLoading);
    if (error !== undefined) return error;
  }
  const denial = context.faults.take("policyDenial");
  if (!denial) return undefined;
  const reason = denial.reason === undefined ? "" : `: \`"${denial.reason}"\``;
  return `Policy denied request to scale component \`${command.id}\`${reason}`;
}

async function runScale(context: HostContext, command: ScaleCommand, wantsUpdate: boolean): Promise<void> {
  const image = context.images.find(command.reference);
  const delay = context.faults.take("scaleDelay")?.milliseconds ?? image.delayMilliseconds ?? 0;
  if (delay > 0 && !(await context.timers.delay(delay))) return;
  const error = fatalFailure(context, command, image);
  if (error !== undefined) {
    publishScaleFailed(context, facts(context, command, image), error);
    return;
  }
  applyScale(context, command, image);
  if (wantsUpdate) await runUpdate(context, { ...command, annotations: {} });
}

/** Handles `component.scale`: an acknowledgement first, everything else later (wasmcloud-control §2.6, §5.3). */
export function scaleComponent(context: HostContext, request: ControlRequest): Outcome {
  const command = readRequest("failed to deserialize component scale command", () =>
    readScale(context, request.payload),
  );
  const current = context.state.components.get(command.id);
  const changed = current !== undefined && current.reference !== command.reference;
  return {
    // This warning is older than the other success texts: every version sends it.
    reply: { success: true, message: changed ? acknowledgement(current.reference, command) : "" },
    after: () => runScale(context, command, changed && command.allowUpdate),
  };
}
