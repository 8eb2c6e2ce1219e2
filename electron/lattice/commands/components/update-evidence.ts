import { canonicalJson, type Finding, type Verdict } from "../../../../shared/contract/index.ts";
import type { ComponentRow } from "../../../../shared/lattice/schema.ts";
import { eventFinding, readEvidence } from "../../../upstream/evidence.ts";
import type { DecodedEvent } from "../../events/event-types.ts";
import { keepsOldCode, mapText } from "./component-facts.ts";

/** What an update, or a start, is expected to bring about on one host. */
export interface ImageTarget {
  hostId: string;
  componentId: string;
  imageReference: string;
}

/**
 * Reads an event as evidence of an update: the first `component_scaled` with the new reference. The second one, with
 * max 0 and the new reference too, does not mean that it stopped (wasmcloud-control §2.7, trap 6); failures have none.
 */
export function updateFinding(target: ImageTarget, event: DecodedEvent, at: string): Finding | undefined {
  if (event.kind !== "known" || event.source !== target.hostId) return undefined;
  if (event.type !== "component_scaled" || event.componentId !== target.componentId) return undefined;
  if (event.imageReference !== target.imageReference || event.maxInstances === 0) return undefined;
  return eventFinding("confirmed", `The host reports ${target.imageReference}.`, { event, at });
}

/** What an update asked for, as far as a reading can tell. */
export interface UpdateAsked extends ImageTarget {
  annotations?: Readonly<Record<string, string>> | undefined;
  /** The image ran already when it was sent, and nothing was to be done. */
  ranAlready?: boolean | undefined;
}

/**
 * Holds a freshly read inventory against the wanted image. The inventory is the host's bookkeeping: from 1.0.1 on it names the
 * new image while the old code goes on answering (wasmcloud-control §2.7, trap 44), so that it proves no update.
 */
export function updateVerdict(
  target: UpdateAsked,
  running: ComponentRow | undefined,
  at: string,
  hostVersion: string | undefined,
): Verdict {
  if (!running) {
    const summary = "The host's inventory does not list the component any more.";
    const message = `${summary} It was stopped, or somebody removed it since.`;
    return { verdict: "failed", message, evidence: readEvidence(at, summary, null) };
  }
  const summary = `The host's inventory shows ${running.imageReference}.`;
  const evidence = readEvidence(at, summary, running);
  if (running.imageReference !== target.imageReference) {
    const message = `${summary} The update did not happen: hosts do not announce why, their log says it (often the image cannot be fetched).`;
    return { verdict: "failed", message, evidence };
  }
  if (target.ranAlready) return { verdict: "verified", message: summary, evidence };
  const { annotations } = target;
  if (annotations && canonicalJson(annotations) !== canonicalJson(running.annotations)) {
    const message = `${summary} Its annotations are others than asked for: ${mapText(running.annotations)}. Somebody may have changed it since.`;
    return { verdict: "unknown", message, evidence };
  }
  if (!keepsOldCode(hostVersion)) return { verdict: "verified", message: summary, evidence };
  return { verdict: "unknown", message: `${summary} ${codeUnreadable}`, evidence };
}

const codeUnreadable =
  "Which code answers cannot be read: hosts from 1.0.1 on leave the old code answering. Stop and start it to change the code.";
