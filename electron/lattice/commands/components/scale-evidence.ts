import { canonicalJson, type Finding } from "../../../../shared/contract/index.ts";
import { eventFinding } from "../../../upstream/evidence.ts";
import type { StringMap } from "../../client/control-types.ts";
import type { DecodedEvent, KnownEvent } from "../../events/event-types.ts";
import { failureFinding, type Ownership } from "../command-parts.ts";
import { countText } from "./component-verdict.ts";

type ScaleFailed = Extract<KnownEvent, { type: "component_scale_failed" }>;

/** What a scale is expected to bring about on one host. */
export interface ScaleTarget {
  hostId: string;
  componentId: string;
  maxInstances: number;
}

/** What was sent, as far as an event can tell. */
export interface ScaleSent extends ScaleTarget {
  imageReference: string;
  annotations?: StringMap | undefined;
  /** It asks for something, and its count is the one that ran: an event, which tells the count alone, is no evidence of it. */
  countProvesNothing?: boolean | undefined;
}

/**
 * Reads an event as evidence: `component_scaled` with the same count confirms; the image reference is not compared, because a
 * resize reports the old one (wasmcloud-control §2.6, §4.15). `component_scale_failed` repeats what was asked for (§4.8).
 */
export function scaleFinding(target: ScaleSent, event: DecodedEvent, at: string): Finding | undefined {
  // The host comes from the CloudEvent's source; data.host_id can lie (wasmcloud-control §4.1).
  if (event.kind !== "known" || event.source !== target.hostId) return undefined;
  if (event.type !== "component_scaled" && event.type !== "component_scale_failed") return undefined;
  if (event.componentId !== target.componentId) return undefined;
  if (event.type === "component_scale_failed")
    return failureFinding(scaleFailureIsOurs(target, event), event.error, { event, at });
  if (event.maxInstances !== target.maxInstances || target.countProvesNothing) return undefined;
  return eventFinding("confirmed", `The host reports ${countText(target.maxInstances)}.`, { event, at });
}

/** Another count or reference is somebody else's request; other annotations, or none that could be read, leave it open. */
function scaleFailureIsOurs(
  { maxInstances, imageReference, annotations = {} }: ScaleSent,
  event: ScaleFailed,
): Ownership {
  if (event.maxInstances !== maxInstances) return "foreign";
  if (event.imageReference === "") return "unclear";
  if (event.imageReference !== imageReference) return "foreign";
  return canonicalJson(event.annotations) === canonicalJson(annotations) ? "ours" : "unclear";
}
