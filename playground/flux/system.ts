import { createHash } from "node:crypto";
import { newToken } from "../kit/access.ts";
import { freePort } from "../kit/free-port.ts";
import type { SimulatedSystem, SystemOptions } from "../kit/simulated-system.ts";
import { SimulatedDaemon } from "./daemon.ts";
import { Fleet, type FluxOrder, obeyFlux } from "./orders.ts";
import { startRandomActivity } from "./random-activity.ts";
import { playgroundDaemons } from "./seed.ts";

/** Daemons dial again after this pause, so that a console that opens is found soon. */
const redialMs = 1_000;

/** Starts the simulated daemons; they dial a port of this machine on which a console is to listen with their tokens. */
export async function startFlux({ seed, calm }: SystemOptions): Promise<SimulatedSystem> {
  const port = await freePort();
  const connect = `ws://127.0.0.1:${port}`;
  const fleet = new Fleet();
  const reach: { id: string; name: string; token: string; tokenHash: string }[] = [];
  for (const description of playgroundDaemons()) {
    const { name } = description;
    const token = newToken();
    reach.push({ id: name, name, token, tokenHash: createHash("sha256").update(token).digest("hex") });
    fleet.add(new SimulatedDaemon({ ...description, connect, token, redialMs }));
  }
  trouble(fleet);
  const healthy = [...fleet.daemons.values()].filter(({ name }) => !troubled.includes(name));
  const stopActivity = calm ? () => undefined : startRandomActivity(healthy, seed);
  return {
    reach: { host: "127.0.0.1", port, daemons: reach },
    obey: (order) => obeyFlux(fleet, order as FluxOrder),
    stop: async () => {
      stopActivity();
      fleet.stop();
    },
  };
}

const troubled = ["stuck", "flaky", "garbled"];

/** One never answers some calls, one is lost in the middle of a release, one answers with what is no JSON. */
function trouble(fleet: Fleet): void {
  fleet.get("stuck").faults.add({ kind: "hang", on: "ListImages" });
  fleet.get("stuck").faults.add({ kind: "hang", on: "ListImagesWithOptions" });
  fleet.get("flaky").faults.add({ kind: "drop", on: "UpdateManifests", count: 1 });
  fleet.get("garbled").faults.add({ kind: "garbage", on: "Export" });
}
