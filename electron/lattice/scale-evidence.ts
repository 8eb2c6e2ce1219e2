import type { Finding, Verdict } from "../../shared/contract/index.ts";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import type { DecodedEvent } from "./event-types.ts";

/** What a scale is expected to bring about on one host. */
export interface ScaleTarget {
  hostId: string;
  componentId: string;
  maxInstances: number;
}

/**
 * Reads an event as evidence: `component_scaled` with the same count confirms, `component_scale_failed` refutes;
 * the image reference is not compared, because a resize reports the old one (wasmcloud-control §2.6, §4.15).
 */
export function scaleFinding(target: ScaleTarget, event: DecodedEvent, at: string): Finding | undefined {
  // The host comes from the CloudEvent's source; data.host_id can lie (wasmcloud-control §4.1).
  if (event.kind !== "known" || event.source !== target.hostId) return undefined;
  if (event.type !== "component_scaled" && event.type !== "component_scale_failed") return undefined;
  if (event.componentId !== target.componentId) return undefined;
  if (event.type === "component_scale_failed") {
    const message = `The host reports that it failed: ${event.error || "no reason given"}`;
    return {
      verdict: "failed",
      message,
      evidence: { at, kind: "event", summary: message, data: parsed(event.raw) },
    };
  }
  if (event.maxInstances !== target.maxInstances) return undefined;
  const message = `The host reports ${countText(target.maxInstances)}.`;
  return {
    verdict: "confirmed",
    message,
    evidence: { at, kind: "event", summary: message, data: parsed(event.raw) },
  };
}

/** Holds a freshly read inventory against what was wanted. */
export function scaleVerdict(target: ScaleTarget, running: ComponentRow | undefined, at: string): Verdict {
  const now = running?.maxInstances ?? 0;
  const summary = `The host's inventory shows ${countText(now)}.`;
  const evidence = { at, kind: "inventory" as const, summary, data: running ?? null };
  if (now === target.maxInstances) return { verdict: "verified", message: summary, evidence };
  const message = `${summary} Wanted: ${countText(target.maxInstances)}. It did not happen, or somebody changed it since.`;
  return { verdict: "failed", message, evidence };
}

function countText(count: number): string {
  if (count === 0) return "that the component does not run";
  return count === 4_294_967_295 ? "unbounded instances" : `max ${count} instances`;
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}
