import type { Finding, Verdict } from "../../../shared/contract/index.ts";
import { ownValue } from "../../../shared/contract/index.ts";
import type { LabelPreview } from "../../../shared/lattice/host-operations.ts";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import { eventFinding, readEvidence } from "../../upstream/evidence.ts";
import type { DecodedEvent } from "../events/event-types.ts";

/** A label as it should be: without a value, not set. */
export interface LabelParams {
  hostId: string;
  key: string;
  value?: string | undefined;
}

/** Says what a change of a label does, and whether the host's version refuses it (wasmcloud-control §2.11, §2.12). */
export function planLabel(params: LabelParams, host: HostRow): LabelPreview {
  const now = ownValue(host.labels, params.key);
  const after = params.value;
  const preview: LabelPreview = {
    hostId: params.hostId,
    hostName: host.friendlyName,
    key: params.key,
    effect: effectOf(now, after),
    warnings: warnings(params, host),
  };
  if (now !== undefined) preview.now = now;
  if (after !== undefined) preview.after = after;
  const refused = refusalOf(params, host);
  if (refused) preview.refused = refused;
  return preview;
}

/** Why a host refuses to set a label; undefined when it does not, or its version is not known. */
export function refusalOf(
  params: LabelParams,
  host: Pick<HostRow, "version" | "friendlyName">,
): string | undefined {
  if (params.value === undefined || !isProtected(params.key)) return undefined;
  if (!isAtLeast(host.version, "1.8.0")) return undefined;
  return `${host.friendlyName} (${host.version}) sets hostcore.* labels itself; hosts from 1.8.0 on refuse to change them.`;
}

/** Reads an event as evidence: it holds all labels after the change. */
export function labelFinding(params: LabelParams, event: DecodedEvent, at: string): Finding | undefined {
  if (event.kind !== "known" || event.source !== params.hostId || event.type !== "labels_changed")
    return undefined;
  if (ownValue(event.labels, params.key) !== params.value) return undefined;
  return eventFinding("confirmed", `The host reports ${labelText(params.key, params.value)}.`, { event, at });
}

/** Holds the labels of a freshly read inventory against what is asked for. */
export function labelVerdict(params: LabelParams, labels: Record<string, string>, at: string): Verdict {
  const now = ownValue(labels, params.key);
  const summary = `The host's inventory shows ${labelText(params.key, now)}.`;
  const evidence = readEvidence(at, summary, labels);
  if (now === params.value) return { verdict: "verified", message: summary, evidence };
  const message = `${summary} It did not happen, or somebody changed it since.`;
  return { verdict: "failed", message, evidence };
}

function isProtected(key: string): boolean {
  return key.toLowerCase().startsWith("hostcore.");
}

function effectOf(now: string | undefined, after: string | undefined): LabelPreview["effect"] {
  if (now === after) return "same";
  if (now === undefined) return "added";
  return after === undefined ? "removed" : "changed";
}

function warnings(params: LabelParams, host: HostRow): string[] {
  const list: string[] = [];
  if (isProtected(params.key) && refusalOf(params, host) === undefined) {
    list.push(
      params.value === undefined
        ? "This label describes the machine; auctions that ask for it will pass this host over."
        : `This label describes the machine. ${host.version || "This host"} lets it be overwritten; hosts from 1.8.0 on refuse.`,
    );
  }
  if (params.value !== undefined) list.push("It is kept in memory: the host forgets it when it restarts.");
  return list;
}

function labelText(key: string, value: string | undefined): string {
  return value === undefined ? `no label ${key}` : `${key}=${value}`;
}
