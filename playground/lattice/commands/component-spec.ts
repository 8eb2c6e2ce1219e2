import { nextTurn } from "../../kit/timers.ts";
import type { HostContext } from "../host/host-context.ts";

/**
 * Creates an empty spec when a workload starts for the first time: read, then written back without a look at what
 * others wrote meanwhile (wasmcloud-control §5.7).
 */
export async function createSpec(context: HostContext, id: string, url: string): Promise<void> {
  const known = context.lattice.specs.has(id);
  await nextTurn();
  if (!known) context.lattice.putSpec(id, { url, links: [] });
}
