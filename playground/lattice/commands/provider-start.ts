import { randomUUID } from "node:crypto";
import { TimerGroup } from "../../kit/timers.ts";
import type { ControlRequest, HostContext, Outcome, RunningProvider } from "../host/host-context.ts";
import { accepted, eventHost, refused } from "../host/host-context.ts";
import { fetchTerms, withImage } from "../host/image-fetch.ts";
import type { Image } from "../host/images.ts";
import { fetchFailure } from "../host/images.ts";
import type { StringMap } from "../host/lattice-state.ts";
import { RequestReader, readRequest } from "../host/request-reader.ts";
import { archiveClaims, providerEventClaims } from "./claims.ts";
import { takeConfigs } from "./named-config.ts";
import { watchHealth } from "./provider-health.ts";
import { builtinName, normaliseReference } from "./provider-reference.ts";

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
  if (!["http-client", "http-server", "messaging-nats"].includes(name))
    return `unknown builtin name: ${name}`;
  if (context.settings.builtinProviders.includes(name)) return undefined;
  return `feature \`builtin-${name}\` is not enabled, denying start`;
}

/** The builtin that a reference means; older versions know none and take it for an image (wasmcloud-control §2.8). */
function knownBuiltin(context: HostContext, reference: string): string | undefined {
  return context.features.builtinProviders === "unknown" ? undefined : builtinName(reference);
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
  const builtin = knownBuiltin(context, reference);
  if (builtin !== undefined) return builtinFailure(context, builtin);
  return image.badSignature ?? fetchFailure("provider", reference, image, fetchTerms(context));
}

function startFailure(context: HostContext, command: StartCommand, image: Image): string | undefined {
  const error = imageFailure(context, command.reference, image);
  if (error !== undefined) return error;
  const denial = context.faults.take("policyDenial");
  if (!denial) return undefined;
  const reason = denial.reason === undefined ? "None" : `Some("${denial.reason}")`;
  return `policy denied request to start provider \`${randomUUID()}\`: \`${reason}\``;
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

function remember(context: HostContext, command: StartCommand, image: Image): RunningProvider {
  const builtin = knownBuiltin(context, command.reference) !== undefined;
  const provider: RunningProvider = {
    reference: context.features.providerReferenceNormalised
      ? normaliseReference(command.reference)
      : command.reference,
    annotations: command.annotations,
    claims: builtin ? undefined : (image.claims ?? archiveClaims(command.reference)),
    builtin,
    timers: new TimerGroup(),
    behaviour: "healthy",
    healthy: false,
  };
  context.state.providers.set(command.id, provider);
  return provider;
}

function announce(context: HostContext, command: StartCommand, provider: RunningProvider): void {
  context.publish("provider_started", {
    host_id: eventHost(context, command.hostId),
    image_ref: provider.reference,
    provider_id: command.id,
    annotations: command.annotations,
    ...providerEventClaims(context, command.id, provider.claims),
  });
  watchHealth(context, command.id, context.settings.healthFirstMilliseconds);
}

/** Both of two starts at once come here; the one that is later fails (wasmcloud-control §5.5). */
async function insert(context: HostContext, command: StartCommand, image: Image): Promise<void> {
  const error = context.state.providers.has(command.id)
    ? "provider is already running with that ID"
    : takeConfigs(context, command.config);
  if (error !== undefined) {
    publishStartFailed(context, command, error);
    return;
  }
  await context.lattice.createSpec(command.id, command.reference);
  const provider = remember(context, command, image);
  if (provider.claims) context.lattice.putClaims({ kind: "provider", claims: provider.claims });
  announce(context, command, provider);
}

async function runStart(context: HostContext, command: StartCommand): Promise<void> {
  const delayedBy = context.faults.take("startDelay")?.milliseconds;
  await withImage(context, command.reference, delayedBy, async (image) => {
    const error = startFailure(context, command, image);
    if (error !== undefined) publishStartFailed(context, command, error);
    else await context.locks.providers.writing(() => insert(context, command, image));
  });
}

/** Handles `provider.start`, whose positive reply is only an acknowledgement (wasmcloud-control §2.8). */
export async function startProvider(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const command = readRequest("failed to deserialize provider start command", () =>
    readStart(request.payload),
  );
  if (await context.locks.providers.reading(() => context.state.providers.has(command.id)))
    return { reply: refused("provider with that ID is already running") };
  if (staysSilent(context, command.reference)) return {};
  const { missingProviderConfigRefused } = context.features;
  if (missingProviderConfigRefused && takeConfigs(context, command.config) !== undefined)
    return { reply: refused("Unable to fetch requested config") };
  return {
    reply: accepted(context, "successfully started provider"),
    after: () => runStart(context, command),
  };
}
