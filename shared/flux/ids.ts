import { z } from "zod";

const fullId = /^(<cluster>|[a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+)\/([a-zA-Z0-9_.:-]+)$/;
const legacyId = /^([a-zA-Z0-9_-]+)\/([a-zA-Z0-9_-]+)$/;

/** The parts of a workload id. */
export interface WorkloadIdParts {
  namespace: string;
  kind: string;
  name: string;
}

/** Reads `namespace:kind/name`, or the `namespace/service` of V6 and V7 (flux-rpc §3.1.1); undefined for anything else. */
export function parseWorkloadId(id: string): WorkloadIdParts | undefined {
  const full = fullId.exec(id);
  // Kinds are compared in lower case; namespace and name keep theirs.
  if (full)
    return { namespace: full[1] as string, kind: (full[2] as string).toLowerCase(), name: full[3] as string };
  const legacy = legacyId.exec(id);
  if (legacy) return { namespace: legacy[1] as string, kind: "service", name: legacy[2] as string };
  return undefined;
}

/** Id of a workload on the wire (flux-rpc §3.1.1). */
export const fluxWorkloadIdSchema = z
  .string()
  .max(512)
  .refine(
    (text) => parseWorkloadId(text) !== undefined,
    "write namespace:kind/name, such as shop:deployment/checkout",
  )
  .transform(normalWorkloadId);

/** An id with its kind in lower case, as daemons list it (flux-rpc §3.1.1). */
export function normalWorkloadId(id: string): string {
  return id.replace(/:([^:/]+)\//, (kind) => kind.toLowerCase());
}

/** Every workload (flux-rpc §3.1.7). */
export const allWorkloads = "<all>";
/** The newest matching image of each container (flux-rpc §3.1.7). */
export const allLatestImages = "<all latest>";
