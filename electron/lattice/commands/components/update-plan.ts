import { ownValue } from "../../../../shared/contract/index.ts";
import type { ComponentRow, ScalePreview } from "../../../../shared/lattice/schema.ts";
import { instancesText } from "../../../../shared/lattice/schema.ts";
import { keepsOldCode, mapText } from "./component-facts.ts";
import { basisOf } from "./scale-plan.ts";

/** What the operator asked for; annotations that are left out are taken from the running component. */
export interface UpdateParams {
  hostId: string;
  componentId: string;
  imageReference: string;
  annotations?: Record<string, string>;
}

type Field = ScalePreview["fields"][number];

/**
 * Plans an update that keeps the annotations unless told otherwise: a host replaces them by what the request holds,
 * and keeps instances, config and limits (wasmcloud-control §2.7).
 */
export function planUpdate(
  params: UpdateParams,
  known: { hostName: string; hostVersion: string | undefined; running: ComponentRow },
): ScalePreview {
  const { running } = known;
  const annotations = params.annotations ?? running.annotations;
  return {
    hostId: params.hostId,
    hostName: known.hostName,
    componentId: params.componentId,
    running: true,
    request: {
      imageReference: params.imageReference,
      maxInstances: running.maxInstances,
      annotations,
      ...(running.limits && { limits: running.limits }),
      config: [],
    },
    fields: [
      {
        field: "imageReference",
        now: running.imageReference,
        after: params.imageReference,
        knownFrom: "request",
        effect: running.imageReference === params.imageReference ? "same" : "changed",
      },
      annotationsField(params, running, annotations),
      kept("maxInstances", instancesText(running.maxInstances)),
      kept("limits", mapText(running.limits)),
      kept("config", "kept by the host"),
    ],
    warnings: warnings(params, running, known.hostVersion),
    managedByWadm: running.managedByWadm,
    basis: basisOf(running),
  };
}

function annotationsField(params: UpdateParams, running: ComponentRow, after: Record<string, string>): Field {
  const [now, then] = [mapText(running.annotations), mapText(after)];
  const lost = Object.keys(running.annotations).some((key) => ownValue(after, key) === undefined);
  return {
    field: "annotations",
    now,
    after: then,
    knownFrom: params.annotations === undefined ? "running" : "request",
    effect: now === then ? "same" : lost ? "lost" : "changed",
  };
}

function kept(field: Field["field"], text: string): Field {
  return { field, now: text, after: text, knownFrom: "running", effect: "same" };
}

function warnings(params: UpdateParams, running: ComponentRow, hostVersion: string | undefined): string[] {
  // Unlike all other commands, which is why it is always said (wasmcloud-control §2.7, traps 6 and 7).
  const list = ["Hosts do not report failed updates: Switchyard reads what runs after a wait."];
  // The variable of the instance that is ended was shadowed in 1.0.1 (wasmcloud-control §2.7, trap 44).
  if (keepsOldCode(hostVersion))
    list.unshift(
      "The old code goes on answering after an update, and a later stop does not end it: only a restart of the host does. Stop and start it to change the code.",
    );
  if (running.managedByWadm)
    list.unshift("wadm manages this component and will put back what its manifest says.");
  if (running.imageReference === params.imageReference)
    list.unshift("It has this image already: the host will not load it again.");
  return list;
}
