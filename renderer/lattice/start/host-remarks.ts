import type { ComponentRow, HostRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import type { StartKind } from "./start-values.ts";

/** What has to be known of a host before something is started there. */
export interface HostRemark {
  text: string;
  /** The console would not send it there. */
  blocks: boolean;
}

type Host = Pick<HostRow, "id" | "version">;
type Running = Pick<ComponentRow | ProviderRow, "hostId" | "id" | "imageReference">;

/** What is to be started, as far as it makes a difference between hosts. */
export interface StartFacts {
  kind: StartKind;
  id: string;
  imageReference: string;
  limits: boolean;
  /** What of the kind runs anywhere in the lattice. */
  running: readonly Running[];
}

/** Remarks on hosts for one start; the hosts where it runs already are looked up once. */
export function hostRemarks(start: StartFacts): (host: Host) => HostRemark | undefined {
  const places = new Map(start.running.filter(({ id }) => id === start.id).map((row) => [row.hostId, row]));
  return (host) => {
    const there = places.get(host.id);
    if (there) return { text: alreadyText(start.kind, there), blocks: true };
    const text = [limitsText(start, host), silenceText(start, host)].filter(Boolean).join("; ");
    return text === "" ? undefined : { text, blocks: false };
  };
}

function alreadyText(kind: StartKind, { imageReference = "" }: Running): string {
  const from = imageReference === "" ? "" : ` from ${imageReference}`;
  return `runs it already${from}${kind === "component" ? ": scale it there, or stop and start it" : ""}`;
}

/** Limits exist since 1.9.0 (wasmcloud-control Appendix A). */
function limitsText({ limits }: StartFacts, { version }: Host): string | undefined {
  return limits && isAtLeast(version, "1.9.0") === false ? `${version} ignores limits` : undefined;
}

/** Failures that a host does not announce, and starts that it does not answer (wasmcloud-control §2.8, traps 22 and 24). */
function silenceText({ kind, imageReference }: StartFacts, { version }: Host): string | undefined {
  if (kind === "component")
    return isAtLeast(version, "1.1.1") === false ? `${version} announces no failed start` : undefined;
  const silent = isBuiltin(imageReference) && isAtLeast(version, "1.8.0") === true;
  return silent ? `${version} never answers where the builtin is off` : undefined;
}

/** Whether a reference names a provider that is part of the host itself. */
export function isBuiltin(reference: string): boolean {
  return reference.trim().startsWith("wasmcloud+builtin://");
}
