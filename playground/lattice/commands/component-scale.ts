import type { ControlRequest, HostContext, Outcome, RunningComponent } from "../host/host-context.ts";
import { eventHost } from "../host/host-context.ts";
import { fetchImage, fetchTerms } from "../host/image-fetch.ts";
import type { Image } from "../host/images.ts";
import { fetchFailure } from "../host/images.ts";
import type { StringMap } from "../host/lattice-state.ts";
import { illegalKeyText, isLegalKey } from "../host/lattice-state.ts";
import { RequestReader, readRequest } from "../host/request-reader.ts";
import type { ScaledFacts } from "./component-events.ts";
import {
  publishInstanceEnd,
  publishLateFailure,
  publishScaled,
  publishScaleFailed,
} from "./component-events.ts";
import { runUpdate } from "./component-update.ts";
import { isSecret, takeConfigs } from "./named-config.ts";

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

const largestLimit = 2n ** 64n;

/** Null without limits, an empty map where none of them can be used (wasmcloud-control §3.3). */
function readLimits(context: HostContext, body: RequestReader): StringMap | null {
  const given = context.features.limits ? body.optionalMap("component_limits") : undefined;
  if (!given) return null;
  const known = Object.entries(given).filter(
    ([key, value]) =>
      ["max_memory_limit", "max_execution_time"].includes(key) &&
      /^\+?\d+$/.test(value) &&
      BigInt(value) < largestLimit,
  );
  return Object.fromEntries(known.map(([key, value]) => [key, String(BigInt(value))]));
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

function remember(
  context: HostContext,
  command: ScaleCommand,
  code: Pick<RunningComponent, "code" | "claims">,
): void {
  const { reference, annotations, count, config, limits } = command;
  const configNames = config.filter((name) => !isSecret(name));
  const shown = { reference, annotations, count, configNames, limits };
  context.state.components.set(command.id, { ...shown, code: code.code, claims: code.claims, serves: true });
}

async function start(context: HostContext, command: ScaleCommand, image: Image): Promise<void> {
  const requested = facts(context, command, image);
  const error =
    takeConfigs(context, command.config) ??
    fetchFailure("component", command.reference, image, fetchTerms(context));
  if (error !== undefined) {
    publishScaleFailed(context, requested, error);
    return;
  }
  if (!isLegalKey(`COMPONENT_${command.id}`)) {
    publishLateFailure(context, requested, `failed to get component spec: ${illegalKeyText}`);
    return;
  }
  await context.lattice.createSpec(command.id, command.reference);
  remember(context, command, { code: command.reference, claims: image.claims });
  if (image.claims) context.lattice.putClaims({ kind: "component", claims: image.claims });
  publishScaled(context, { ...requested, hostId: context.state.id });
  if (context.features.everyScaleReported) publishScaled(context, requested);
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each, index) => each === right[index]);
}

function resize(context: HostContext, command: ScaleCommand, image: Image, before: RunningComponent): void {
  const requested = facts(context, command, image);
  const sameNames = sameList(command.config, before.configNames);
  const error = sameNames ? undefined : takeConfigs(context, command.config);
  if (error !== undefined) {
    publishScaleFailed(context, requested, error);
    return;
  }
  const stored = { ...requested, reference: before.reference, annotations: before.annotations };
  const sameCount = command.count === before.count;
  // The new reference is remembered although the old code goes on running; where count and configs are the same,
  // nothing of the request is taken (wasmcloud-control §2.6).
  if (!sameCount || !sameNames) remember(context, command, before);
  if (context.features.everyScaleReported || !sameCount) publishScaled(context, stored);
  if (!sameCount || !sameNames) publishInstanceEnd(context, { ...stored, hostId: context.state.id });
}

function stop(context: HostContext, requested: ScaledFacts, before: RunningComponent): void {
  context.state.components.delete(requested.id);
  const stored = { ...requested, reference: before.reference, annotations: before.annotations };
  publishInstanceEnd(context, { ...stored, hostId: context.state.id });
  publishScaled(context, stored);
}

async function applyScale(context: HostContext, command: ScaleCommand, image: Image): Promise<void> {
  const now = context.state.components.get(command.id);
  const requested = facts(context, command, image);
  if (now && command.count === 0) stop(context, requested, now);
  else if (now) resize(context, command, image, now);
  else if (command.count > 0) await start(context, command, image);
  else if (context.features.everyScaleReported) publishScaled(context, requested);
}

function fatalFailure(context: HostContext, command: ScaleCommand, image: Image): string | undefined {
  if (image.badSignature !== undefined) return image.badSignature;
  if (!context.features.stopWithoutImage) {
    const error = fetchFailure("component", command.reference, image, fetchTerms(context));
    if (error !== undefined) return error;
  }
  const denial = context.faults.take("policyDenial");
  if (!denial) return undefined;
  const reason = denial.reason === undefined ? "" : `: \`"${denial.reason}"\``;
  return `Policy denied request to scale component \`${command.id}\`${reason}`;
}

async function runScale(context: HostContext, command: ScaleCommand, wantsUpdate: boolean): Promise<void> {
  const image = await fetchImage(context, command.reference, context.faults.take("scaleDelay")?.milliseconds);
  if (!image) return;
  const error = fatalFailure(context, command, image);
  if (error !== undefined) {
    publishScaleFailed(context, facts(context, command, image), error);
    return;
  }
  await context.locks.components.writing(() => applyScale(context, command, image));
  if (wantsUpdate) await runUpdate(context, { ...command, annotations: {} });
}

/** Handles `component.scale`: an acknowledgement first, everything else later (wasmcloud-control §2.6, §5.3). */
export async function scaleComponent(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const command = readRequest("failed to deserialize component scale command", () =>
    readScale(context, request.payload),
  );
  const current = await context.locks.components.reading(() => context.state.components.get(command.id));
  const changed = current !== undefined && current.reference !== command.reference;
  return {
    // This warning is older than the other success texts: every version sends it.
    reply: { success: true, message: changed ? acknowledgement(current.reference, command) : "" },
    after: () => runScale(context, command, changed && command.allowUpdate),
  };
}
