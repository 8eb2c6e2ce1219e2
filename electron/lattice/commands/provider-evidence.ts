import { Failure, type Finding, type Verdict } from "../../../shared/contract/index.ts";
import type { ProviderRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import { eventFinding, readEvidence } from "../../upstream/evidence.ts";
import type { DecodedEvent, KnownEvent } from "../events/event-types.ts";
import { failureFinding, type Ownership } from "./command-parts.ts";

type StartFailed = Extract<KnownEvent, { type: "provider_start_failed" }>;

export interface ProviderTarget {
  hostId: string;
  providerId: string;
}

/** With the reference as it was sent. */
export interface ProviderStart extends ProviderTarget {
  imageReference: string;
}

/**
 * Reads an event as evidence of a provider's start. A start is told by host and id only, because its reference is normalised;
 * a failure repeats the reference as it was asked for (wasmcloud-control §2.8, §4.10, trap 23).
 */
export function providerStartFinding(
  target: ProviderStart,
  event: DecodedEvent,
  at: string,
): Finding | undefined {
  if (event.kind !== "known" || event.source !== target.hostId) return undefined;
  if (event.type !== "provider_started" && event.type !== "provider_start_failed") return undefined;
  if (event.providerId !== target.providerId) return undefined;
  if (event.type === "provider_started")
    return eventFinding("confirmed", "The host reports that it started.", { event, at });
  return failureFinding(startFailureIsOurs(target, event), event.error, { event, at });
}

/** Of two starts with one reference at once, the one that lost the race fails, and the event does not tell which that was. */
function startFailureIsOurs({ imageReference }: ProviderStart, event: StartFailed): Ownership {
  if (event.providerReference === "") return "unclear";
  if (event.providerReference !== imageReference) return "foreign";
  return event.error === "provider is already running with that ID" ? "unclear" : "ours";
}

/** Reads an event as evidence of a provider's stop; it comes before the reply (wasmcloud-control §2.9). */
export function providerStopFinding(
  target: ProviderTarget,
  event: DecodedEvent,
  at: string,
): Finding | undefined {
  if (event.kind !== "known" || event.source !== target.hostId) return undefined;
  if (event.type !== "provider_stopped" || event.providerId !== target.providerId) return undefined;
  return eventFinding("confirmed", "The host reports that it stopped.", { event, at });
}

/** Holds a freshly read inventory against a provider that should run, or should not. */
export function providerVerdict(
  wanted: "runs" | "stopped",
  found: ProviderRow | undefined,
  at: string,
): Verdict {
  const summary = found
    ? "The host's inventory lists the provider."
    : "The host's inventory does not list the provider.";
  const evidence = readEvidence(at, summary, found);
  if ((wanted === "runs") === (found !== undefined))
    return { verdict: "verified", message: summary, evidence };
  const message = `${summary} It did not happen, or somebody changed it since.`;
  return { verdict: "failed", message, evidence };
}

/** Whether a reference names a provider that is part of the host itself. */
export function isBuiltin(reference: string): boolean {
  return reference.startsWith("wasmcloud+builtin://");
}

/** A builtin has nothing to fetch: what is not listed some seconds after a start without an answer was not started (§2.8). */
export function unansweredBuiltinFinding(found: ProviderRow | undefined, at: string): Finding {
  if (found) {
    const message = "The host's inventory lists the provider.";
    return { verdict: "confirmed", message, evidence: readEvidence(at, message, found) };
  }
  const summary = "The host's inventory does not list the provider.";
  const message = `${summary} It was not started: this builtin is not switched on there. Switch it on in the host's settings, or start it on a host where it is on.`;
  return { verdict: "failed", message, evidence: readEvidence(at, summary, null) };
}

/**
 * A start without an answer, explained: hosts from 1.8.0 never answer for a builtin provider that is switched off,
 * although they bid for it (wasmcloud-control §2.8, trap 22).
 */
export function explainSilence(
  failure: Failure,
  start: { imageReference: string; hostName: string; version: string | undefined },
): Failure {
  if (failure.code !== "timeout" || !isBuiltin(start.imageReference)) return failure;
  const silent = isAtLeast(start.version, "1.8.0") !== false;
  if (!silent) return failure;
  const host = start.version ? `${start.hostName} (${start.version})` : start.hostName;
  return new Failure(
    {
      ...failure.toData(),
      message: `${host} did not answer. Hosts from 1.8.0 on never answer a start of a builtin provider that is not switched on there.`,
      hint: "Switch the builtin provider on in the host's settings, or start it on a host where it is on.",
    },
    { cause: failure },
  );
}
