import { createHash } from "node:crypto";
import { canonicalJson, ownValue } from "../../../../shared/contract/index.ts";
import type { ComponentRow, ScalePreview } from "../../../../shared/lattice/schema.ts";
import { instancesText } from "../../../../shared/lattice/schema.ts";
import { mapText } from "./component-facts.ts";
import type { Field, ScaleKnowledge, ScaleParams } from "./scale-knowledge.ts";
import { asTaken, scaleWarnings } from "./scale-warnings.ts";

/**
 * Plans a scale that loses nothing it need not lose: a scale request replaces reference, annotations, limits and
 * config of the running component (wasmcloud-control §2.6, traps 42 and 43), so the running ones are sent again.
 */
export function planScale(params: ScaleParams, known: ScaleKnowledge): ScalePreview {
  const request = requestOf(params, known);
  const fields = asTaken(fieldsOf(params, known, request), known);
  return { ...planOf(params, known, request), fields, warnings: scaleWarnings(params, known, fields) };
}

/** What a plan says whatever the command. */
export function planOf(
  { hostId, componentId }: ScaleParams,
  { hostName, running, update }: ScaleKnowledge,
  request: ScalePreview["request"],
): Omit<ScalePreview, "fields" | "warnings"> {
  return {
    hostId,
    hostName,
    componentId,
    running: running !== undefined,
    request,
    managedByWadm: running?.managedByWadm ?? false,
    ...(update && { updatedAt: update.at, updateOrigin: update.origin }),
    basis: basisOf(running),
  };
}

/** What is sent: what was asked for, and else what runs. */
export function requestOf(params: ScaleParams, { running, configFromHistory, openConfigs }: ScaleKnowledge) {
  return {
    imageReference: params.imageReference ?? running?.imageReference ?? "",
    maxInstances: params.maxInstances,
    annotations: params.annotations ?? running?.annotations ?? {},
    limits: params.limits ?? running?.limits,
    config: params.config ?? openConfigs?.at(-1) ?? configFromHistory ?? [],
  };
}

/** Now and after, field by field, where the host takes everything. */
export function fieldsOf(
  params: ScaleParams,
  known: ScaleKnowledge,
  request: ScalePreview["request"],
): Field[] {
  const { running } = known;
  const { maxInstances, imageReference, annotations, limits, config } = request;
  if (maxInstances === 0) return [instancesField(running, maxInstances)];
  return [
    instancesField(running, maxInstances),
    textField("imageReference", running?.imageReference, imageReference, params.imageReference !== undefined),
    mapField("annotations", running?.annotations, annotations, params.annotations !== undefined),
    mapField("limits", running?.limits, limits, params.limits !== undefined),
    configField(params, known, config),
  ];
}

/** The running state that a plan rests on, as a short mark. */
export function basisOf(running: ComponentRow | undefined): string {
  const state = running && [
    running.imageReference,
    running.annotations,
    running.maxInstances,
    running.limits ?? null,
  ];
  return createHash("sha256")
    .update(canonicalJson(state ?? null))
    .digest("hex")
    .slice(0, 16);
}

function instancesField(running: ComponentRow | undefined, after: number): Field {
  const now = running ? instancesText(running.maxInstances) : "not running";
  const same = running?.maxInstances === after;
  return {
    field: "maxInstances",
    now,
    after: instancesText(after),
    knownFrom: "running",
    effect: same ? "same" : "changed",
  };
}

function textField(field: "imageReference", now: string | undefined, after: string, asked: boolean): Field {
  return {
    field,
    now: now ?? "none",
    after,
    knownFrom: asked ? "request" : "running",
    effect: now === undefined || now === after ? "same" : "changed",
  };
}

function mapField(
  field: "annotations" | "limits",
  now: Record<string, string> | undefined,
  after: Record<string, string> | undefined,
  asked: boolean,
): Field {
  const lost = Object.keys(now ?? {}).some((key) => ownValue(after ?? {}, key) === undefined);
  const same = canonicalJson(now ?? {}) === canonicalJson(after ?? {});
  return {
    field,
    now: mapText(now),
    after: mapText(after),
    knownFrom: asked ? "request" : "running",
    effect: same ? "same" : lost ? "lost" : "changed",
  };
}

function configField(params: ScaleParams, known: ScaleKnowledge, after: string[]): Field {
  const text = listText(after);
  if (!known.running)
    return { field: "config", now: "not running", after: text, knownFrom: "request", effect: "same" };
  const history = known.configFromHistory;
  if (known.openConfigs?.length) {
    const possible = [...(history ? [history] : []), ...known.openConfigs].map(listText);
    return {
      field: "config",
      now: [...new Set(possible)].join(" or "),
      after: text,
      knownFrom: params.config === undefined ? "unknowable" : "request",
      effect: "may-be-lost",
    };
  }
  if (params.config === undefined && history === undefined) {
    return {
      field: "config",
      now: "cannot be known",
      after: "none",
      knownFrom: "unknowable",
      effect: "may-be-lost",
    };
  }
  if (history === undefined) {
    return {
      field: "config",
      now: "cannot be known",
      after: text,
      knownFrom: "request",
      effect: "may-be-lost",
    };
  }
  const same = canonicalJson(history) === canonicalJson(after);
  const lost = history.some((name) => !after.includes(name));
  return {
    field: "config",
    now: listText(history),
    after: text,
    knownFrom: params.config === undefined ? "history" : "request",
    effect: same ? "same" : lost ? "lost" : "changed",
  };
}

function listText(names: readonly string[]): string {
  return names.length > 0 ? names.join(", ") : "none";
}
