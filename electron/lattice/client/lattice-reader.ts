import { Failure } from "../../../shared/contract/index.ts";
import type { ControlClient } from "./control-client.ts";
import type { ControlReply, Host, HostInventory, Link, TolerantList } from "./control-types.ts";

/** How the present state of a lattice is asked for; everything rejects with a Failure. */
export interface LatticeReader {
  /** Pings the lattice and hands over each host as it answers; resolves when the window is over. */
  hosts(onHost: (host: Host) => void, signal: AbortSignal): Promise<void>;
  inventory(hostId: string): Promise<{ inventory: HostInventory; raw: unknown }>;
  links(): Promise<TolerantList<Link>>;
}

/** Reads a lattice through its control client. */
export function controlReader(client: ControlClient): LatticeReader {
  return {
    hosts: async (onReply, signal) => {
      await client.getHosts({ onReply, signal });
    },
    inventory: async (hostId) => {
      const reply = await client.getHostInventory(hostId);
      const inventory = taken(reply, "inventory");
      // A host of any version names itself (wasmcloud-control §3.2).
      if (inventory.hostId !== hostId) {
        throw new Failure({
          code: "upstream_invalid",
          message: "The inventory that came back belongs to another host.",
          details: { asked: hostId, answered: inventory.hostId },
        });
      }
      return { inventory, raw: rawResponse(reply.raw) };
    },
    links: async () => taken(await client.getLinks(), "link list"),
  };
}

function taken<T>(reply: ControlReply<T>, what: string): T {
  if (reply.success) return reply.response;
  throw new Failure({
    code: "upstream_refused",
    message: `The ${what} was refused: ${reply.message || "no reason given"}`,
    upstream: reply.message,
  });
}

/** What the host sent inside of the envelope. */
function rawResponse(raw: unknown): unknown {
  return typeof raw === "object" && raw !== null && "response" in raw ? raw.response : raw;
}
