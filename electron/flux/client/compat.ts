import { parseWorkloadId } from "../../../shared/flux/ids.ts";
import type { ProtocolVersion } from "../../../shared/flux/schema.ts";
import { DaemonApplicationError } from "./rpc-errors.ts";
import type { UpdateSpec } from "./update-spec.ts";
import type { WireWorkload } from "./wire.ts";

const legacyKinds: ReadonlySet<string> = new Set(["service"]);
const fullKinds: ReadonlySet<string> = new Set([
  "deployment",
  "daemonset",
  "statefulset",
  "cronjob",
  "helmrelease",
]);

/** Kinds that a daemon of this version takes requests for (flux-rpc §4). */
export function kindsOf(version: ProtocolVersion): ReadonlySet<string> {
  return version < 8 ? legacyKinds : fullKinds;
}

const upgradeHelp =
  "Your Flux daemon needs to be upgraded\n\nThe daemon that is connected is too old for this request. Upgrade it, and try again.";

/** The refusal of a method that a daemon of this version does not have; nothing was sent (flux-rpc §2.7). */
export function notImplemented(method: string): DaemonApplicationError {
  return new DaemonApplicationError(
    { type: "user", help: upgradeHelp, error: `${method} method not implemented` },
    undefined,
  );
}

/** Throws for a workload whose kind this version does not know; nothing is sent then (flux-rpc §4). */
export function requireKinds(
  version: ProtocolVersion,
  ids: readonly string[],
  wrapper: "upgrade" | "unsupported" = "upgrade",
): void {
  const known = kindsOf(version);
  for (const id of ids) {
    const kind = parseWorkloadId(id)?.kind;
    if (kind === undefined || known.has(kind)) continue;
    const error = `Unsupported resource kind: ${kind}`;
    const help = version < 8 && wrapper === "upgrade" ? upgradeHelp : `${error}\n\n${kindHelp(version)}`;
    throw new DaemonApplicationError({ type: "user", help, error }, undefined);
  }
}

function kindHelp(version: ProtocolVersion): string {
  return version < 8
    ? "This daemon knows workloads only as namespace/service."
    : `This daemon knows ${[...fullKinds].join(", ")}; write namespace:kind/name.`;
}

/** The ids of a request whose kinds are checked (flux-rpc §4); containers and sync are not. */
export function checkedIds(update: UpdateSpec): string[] {
  if (update.type === "policy") return Object.keys(update.spec);
  if (update.type === "image") return [...update.spec.ServiceSpecs, ...(update.spec.Excludes ?? [])];
  return [];
}

/** Daemons before 1.8 write `N out of M updated` instead of a rollout (flux-rpc §3.1.5). */
export function normaliseStatus(workload: WireWorkload): WireWorkload {
  const match = /^(\d+) out of (\d+) updated/.exec(workload.Status);
  if (!match) return workload;
  const [updated, desired] = [Number(match[1]), Number(match[2])];
  return {
    ...workload,
    Status: "updating",
    Rollout: {
      Desired: desired,
      Updated: updated,
      Ready: updated,
      Available: updated,
      Outdated: workload.Rollout?.Outdated ?? 0,
      Messages: workload.Rollout?.Messages ?? [],
    },
  };
}
