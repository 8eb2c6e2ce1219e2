import type { ScalePreview } from "../../shared/lattice/schema.ts";
import { isAtLeast } from "../../shared/lattice/version.ts";
import type { ScaleKnowledge, ScaleWish } from "./scale-knowledge.ts";
import { fieldsOf, planOf, requestOf } from "./scale-plan.ts";
import { asTaken, configWarning, updateWarnings } from "./scale-warnings.ts";

/** What the operator asked for; what is left out is taken from the running component. */
export type RestartWish = Omit<ScaleWish, "maxInstances"> & { maxInstances?: number | undefined };

/** The wish with the instances that run, where no others are asked for. */
export function withInstances(wish: RestartWish, { running }: Pick<ScaleKnowledge, "running">): ScaleWish {
  return { ...wish, maxInstances: wish.maxInstances ?? running?.maxInstances ?? 1 };
}

/** Plans a stop and a start, of which a host takes everything, and loads the image anew (wasmcloud-control §2.6, §2.7). */
export function planRestart(wish: RestartWish, known: ScaleKnowledge): ScalePreview {
  const whole = withInstances(wish, known);
  const request = requestOf(whole, known);
  const fields = asTaken(fieldsOf(whole, known, request), { ...known, running: undefined });
  return { ...planOf(whole, known, request), fields, warnings: warnings(wish, known) };
}

function warnings(wish: RestartWish, known: ScaleKnowledge): string[] {
  const { running, hostVersion } = known;
  const list: string[] = [];
  if (running?.managedByWadm)
    list.push("wadm manages this component and will put back what its manifest says.");
  list.push(
    "Between the stop and the start it does not run on this host; if its image cannot be loaded, it stays stopped.",
  );
  if (isAtLeast(hostVersion, "1.5.1") === false)
    list.push("Before 1.5.1 a host fetches the old image even to stop: where it is gone, the stop fails.");
  const configs = configWarning(wish, known);
  if (configs) list.push(configs);
  list.push(...updateWarnings(known));
  if (wish.limits && isAtLeast(hostVersion, "1.9.0") === false)
    list.push(`Hosts before 1.9.0 ignore limits (this one is ${hostVersion}).`);
  return list;
}
