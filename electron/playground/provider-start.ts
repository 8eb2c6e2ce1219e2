import { randomUUID } from "node:crypto";
import { providerEventClaims } from "./claims.ts";
import type { ControlRequest, HostContext, Outcome } from "./host-context.ts";
import { accepted, eventHost, refused } from "./host-context.ts";
import type { Image } from "./images.ts";
import { fetchFailure } from "./images.ts";
import type { StringMap } from "./lattice-state.ts";
import { configFailure } from "./named-config.ts";
import { watchHealth } from "./provider-health.ts";
import { builtinName, normaliseReference } from "./provider-reference.ts";
import { RequestReader, readRequest } from "./request-reader.ts";
import { TimerGroup } from "./timers.ts";

interface StartCommand {
  id: string;
  reference: string;
  annotations: StringMap;
  hostId: string;
  config: string[];
}

function readStart(payload: Uint8Array): StartCommand {
  const body = new RequestReader(payload);
  return {
    id: body.string("provider_id"),
    reference: body.string("provider_ref", ""),
    annotations: body.optionalMap("annotations") ?? {},
    hostId: body.string("host_id", ""),
    config: body.strings("config", []),
  };
}

function builtinFailure(context: HostContext, name: string): string | undefined {
  if (context.features.builtinProviders === "unknown") return "failed to parse provider reference";
  if (!["http-client", "http-server", "messaging-nats"].includes(name))
    return `unknown builtin name: ${name}`;
  if (context.settings.builtinProviders.includes(name)) return undefined;
  return `feature \`builtin-${name}\` is not enabled, denying start`;
}

/** A disabled http-server or messaging-nats builtin is never answered since 1.8.0 (wasmcloud-control §2.8). */
function staysSilent(context: HostContext, reference: string): boolean {
  const name = builtinName(reference);
  if (context.features.builtinProviders !== "silent" || name === undefined) return false;
  return (
    ["http-server", "messaging-nats"].includes(name) && !context.settings.builtinProviders.includes(name)
  );
}

function imageFailure(context: HostContext, reference: string, image: Image): string | undefined {
  const builtin = builtinName(reference);
  if (builtin !== undefined) return builtinFailure(context, builtin);
  return image.badSignature ?? fetchFailure("provider", reference, image, context.settings.fileLoading);
}

function startFailure(context: HostContext, command: StartCommand, image: Image): string | undefined {
  const error = imageFailure(context, command.reference, image);
  if (error !== undefined) return error;
  const denial = context.faults.take("policyDenial");
  if (denial) {
    const reason = denial.reason === undefined ? "None" : `Some("${denial.reason}")`;
    return `policy denied request to start provider \`${randomUUID()}\`: \`${reason}\``;
  }
  const missing = configFailure(context, command.config);
  if (missing !== undefined) return missing;
  return context.state.providers.has(command.id) ? "provider is already running with that ID" : undefined;
}

function publishStartFailed(context: HostContext, command: StartCommand, error: string): void {
  context.publish("provider_start_failed", {
    provider_ref: command.reference,
    provider_id: command.id,
    ...(context.features.startFailureHostId ? { host_id: eventHost(context, command.hostId) } : {}),
    error,
    link_name: "default",
  });
}

async function runStart(context: HostContext, command: StartCommand): Promise<void> {
  const { id, annotations } = command;
  const image = context.images.find(command.reference);
  const delay = context.faults.take("startDelay")?.milliseconds ?? image.delayMilliseconds ?? 0;
  if (delay > 0 && !(await context.timers.delay(delay))) return;
  const error = startFailure(context, command, image);
  if (error !== undefined) {
    publishStartFailed(context, command, error);
    return;
  }
  const reference = context.features.providerReferenceNormalised
    ? normaliseReference(command.reference)
    : command.reference;
  context.state.providers.set(id, {
    reference,
    annotations,
    claims: image.claims,
    builtin: builtinName(command.reference) !== undefined,
    timers: new TimerGroup(),
    behaviour: "healthy",
    healthy: false,
  });
  context.lattice.ensureSpec(id, command.reference);
  if (image.claims) context.lattice.putClaims({ kind: "provider", claims: image.claims });
  context.publish("provider_started", {
    host_id: eventHost(context, command.hostId),
    image_ref: reference,
    provider_id: id,
    annotations,
    ...providerEventClaims(context, id, image.claims),
  });
  watchHealth(context, id, context.settings.healthFirstMilliseconds);
}

/** Handles `provider.start`, whose positive reply is only an acknowledgement (wasmcloud-control §2.8). */
export function startProvider(context: HostContext, request: ControlRequest): Outcome {
  const command = readRequest("failed to deserialize provider start command", () =>
    readStart(request.payload),
  );
  if (context.state.providers.has(command.id))
    return { reply: refused("provider with that ID is already running") };
  if (staysSilent(context, command.reference)) return {};
  const { missingProviderConfigRefused } = context.features;
  if (missingProviderConfigRefused && configFailure(context, command.config) !== undefined)
    return { reply: refused("Unable to fetch requested config") };
  return {
    reply: accepted(context, "successfully started provider"),
    after: () => runStart(context, command),
  };
}
