import { newToken } from "../kit/access.ts";
import type { SystemOptions } from "../kit/simulated-system.ts";
import type { ForgeFault } from "./faults.ts";
import { SimulatedForge } from "./forge.ts";
import type { Status } from "./model.ts";
import type { ForgeVersion } from "./route.ts";
import { seedJobs } from "./seed.ts";

type Order =
  | { do: "kill" | "restart" | "clear-faults" | "state" }
  | { do: "kill-worker"; worker: string }
  | { do: "fault"; fault: ForgeFault }
  | { do: "fill"; queue: string; count: number; status: Status };

export interface ForgeSystemOptions extends SystemOptions {
  /** The version that the server behaves like; its newest unless given. */
  forgeVersion?: ForgeVersion | undefined;
}

/** Starts the simulated jobs server of the playground; it has no sign-in of its own, so a proxy is simulated too. */
export async function startForge({ seed, calm, forgeVersion }: ForgeSystemOptions) {
  const token = newToken();
  const requires = { header: "authorization", value: `Bearer ${token}` };
  const forge = await SimulatedForge.start({ seed, calm, version: forgeVersion, requires });
  return {
    reach: { url: forge.url, token },
    obey: (order: Record<string, unknown>) => obey(forge, order as Order),
    stop: () => forge.stop(),
  };
}

async function obey(forge: SimulatedForge, order: Order): Promise<unknown> {
  switch (order.do) {
    case "kill":
      await forge.server.kill();
      return {};
    case "restart":
      if (!forge.server.running) await forge.server.start();
      return { url: forge.url };
    case "kill-worker":
      forge.runtime.killPod(order.worker);
      return {};
    case "fault":
      forge.server.faults.add(order.fault);
      return {};
    case "clear-faults":
      forge.server.faults.clear();
      return {};
    case "fill":
      seedJobs(forge.store, order);
      return { jobs: forge.store.jobs.size };
    case "state":
      return {
        url: forge.url,
        running: forge.server.running,
        queues: forge.store.sortedQueues(),
        jobs: forge.store.jobs.size,
        slow: forge.server.held,
      };
    default:
      throw new Error(`no such order: ${String((order as { do: unknown }).do)}`);
  }
}
