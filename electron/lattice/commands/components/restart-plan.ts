import type { ScalePreview } from "../../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../../shared/lattice/version.ts";
import type { ScaleKnowledge, ScaleParams } from "./scale-knowledge.ts";
import { fieldsOf, planOf, requestOf } from "./scale-plan.ts";
import { asTaken, configWarning, updateWarnings } from "./scale-warnings.ts";

/** What the operator asked for; what is left out is taken from the running component. */
export type RestartParams = Omit<ScaleParams, "maxInstances"> & { maxInstances?: number | undefined };

/** The parameters with the instances that run, where no others are asked for. */
export function withInstances(
  params: RestartParams,
  { running }: Pick<ScaleKnowledge, "running">,
): ScaleParams {
  return { ...params, maxInstances: params.maxInstances ?? running?.maxInstances ?? 1 };
}

/** Plans a stop and a start, of which a host takes everything, and loads the image anew (wasmcloud-control §2.6, §2.7). */
export function planRestart(params: RestartParams, known: ScaleKnowledge): ScalePreview {
  const whole = withInstances(params, known);
  const request = requestOf(whole, known);
  const fields = asTaken(fieldsOf(whole, known, request), { ...known, running: undefined });
  return { ...planOf(whole, known, request), fields, warnings: warnings(params, known) };
}

function warnings(params: RestartParams, known: ScaleKnowledge): string[] {
  const { running, hostVersion } = known;
  const list: string[] = [];
  if (running?.managedByWadm)
    list.push("wadm manages this component and will put back what its manifest says.");
  list.push(
    "Between the stop and the start it does not run on this host; if its image cannot be loaded, it stays stopped.",
  );
  if (isAtLeast(hostVersion, "1.5.1") === false)
    list.push("Before 1.5.1 a host fetches the old image even to stop: where it is gone, the stop fails.");
  const configs = configWarning(params, known);
  if (configs) list.push(configs);
  list.push(...updateWarnings(known));
  if (params.limits && isAtLeast(hostVersion, "1.9.0") === false)
    list.push(`Hosts before 1.9.0 ignore limits (this one is ${hostVersion}).`);
  return list;
}
