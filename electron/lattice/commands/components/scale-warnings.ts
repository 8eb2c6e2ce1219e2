import { isAtLeast } from "../../../../shared/lattice/version.ts";
import { howToTakeTheRest } from "./component-verdict.ts";
import { oldCodeText, openUpdateText } from "./known-update.ts";
import type { Field, ScaleKnowledge, ScaleParams } from "./scale-knowledge.ts";

const fieldNames: Record<Field["field"], string> = {
  maxInstances: "instances",
  imageReference: "image",
  annotations: "annotations",
  limits: "limits",
  config: "config",
};

/**
 * The fields as the host takes them: with the same count and config list it takes nothing else, and before 1.9.0 it knows no
 * limits (wasmcloud-control §2.6, traps 28 and 47).
 */
export function asTaken(fields: readonly Field[], { running, hostVersion }: ScaleKnowledge): Field[] {
  const isSame = (name: Field["field"]): boolean =>
    fields.some(({ field, effect }) => field === name && effect === "same");
  const takesNothing = running !== undefined && isSame("maxInstances") && isSame("config");
  return fields.map((field) => {
    if (field.effect === "same") return field;
    const isIgnored = takesNothing || (field.field === "limits" && isAtLeast(hostVersion, "1.9.0") === false);
    return isIgnored ? { ...field, effect: "ignored" } : field;
  });
}

/** What has to be known before a scale is sent. */
export function scaleWarnings(
  params: ScaleParams,
  known: ScaleKnowledge,
  fields: readonly Field[],
): string[] {
  const { running } = known;
  const list: string[] = [];
  if (running?.managedByWadm) {
    list.push("wadm manages this component and will put back what its manifest says.");
  }
  list.push(...updateWarnings(known));
  if (params.maxInstances === 0) return list;
  if (!running && params.imageReference === undefined) {
    list.push("It does not run on this host: say which image to start.");
  }
  const configs = running && configWarning(params, known);
  if (configs) list.push(configs);
  if (running && params.imageReference !== undefined && params.imageReference !== running.imageReference) {
    list.push(
      "A scale loads no image: the old code goes on answering, whatever the inventory shows afterwards. Stop and start it to change the code; an update leaves the old code answering too.",
    );
  }
  return [...list, ...ignoredWarnings(known, fields)];
}

/** What updates of it, done or open, mean for a scale, a stop, and a start after it. */
export function updateWarnings({ update, openUpdateSince }: ScaleKnowledge): string[] {
  return [
    ...(openUpdateSince === undefined ? [] : [openUpdateText(openUpdateSince)]),
    ...(update ? [oldCodeText(update)] : []),
  ];
}

function ignoredWarnings({ running, hostVersion }: ScaleKnowledge, fields: readonly Field[]): string[] {
  const effectOf = (name: Field["field"]) => fields.find(({ field }) => field === name)?.effect;
  const list: string[] = [];
  const hasNoLimits = isAtLeast(hostVersion, "1.9.0") === false;
  if (hasNoLimits && effectOf("limits") === "ignored")
    list.push(`Hosts before 1.9.0 ignore limits (this one is ${hostVersion}).`);
  if (!hasNoLimits && effectOf("limits") === "changed" && running)
    list.push("A memory limit is enforced from the next start on; until then only the figure changes.");
  const changed = fields.filter(
    ({ field, effect }) => effect !== "same" && field !== "config" && !(field === "limits" && hasNoLimits),
  );
  if (!running || effectOf("maxInstances") !== "same" || changed.length === 0) return list;
  const names = changed.map(({ field }) => fieldNames[field]).join(", ");
  if (changed.every(({ effect }) => effect === "ignored"))
    list.push(
      `With the same count and configs the host takes nothing else: ${names} would stay. ${howToTakeTheRest}`,
    );
  else if (effectOf("config") === "may-be-lost")
    list.push(`If its configs are the same, the host ignores the rest (${names}). ${howToTakeTheRest}`);
  return list;
}

/** What has to be known of the configs, which no host tells. */
export function configWarning(
  params: Pick<ScaleParams, "config">,
  { configFromHistory, openConfigs }: ScaleKnowledge,
): string | undefined {
  if (params.config !== undefined) return undefined;
  if (openConfigs?.length)
    return "It is unknown whether an earlier command took effect, so either config list may be in use: list the configs it should have.";
  if (configFromHistory !== undefined) return undefined;
  return "Hosts do not report config names. Scaling replaces them: list the configs to keep.";
}
