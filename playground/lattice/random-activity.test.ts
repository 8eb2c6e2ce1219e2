import { afterEach, describe, expect, it } from "vitest";
import { createRandom } from "../kit/random.ts";
import { TimerGroup } from "../kit/timers.ts";
import type { Playground, PlaygroundOptions } from "../playground.ts";
import { startPlayground } from "../playground.ts";
import { ActivityActions } from "./activity-actions.ts";
import { startLoad } from "./load.ts";
import { startRandomActivity } from "./random-activity.ts";
import { WireProbe } from "./testing/wire-probe.ts";

let playground: Playground | undefined;
let probe: WireProbe | undefined;

async function start(options: PlaygroundOptions): Promise<{ playground: Playground; probe: WireProbe }> {
  playground = await startPlayground({ staging: false, ...options });
  probe = await WireProbe.open(playground);
  return { playground, probe };
}

afterEach(async () => {
  await probe?.close();
  await playground?.stop();
  probe = undefined;
  playground = undefined;
});

const operatorsOwn = ["orders-api", "cart", "checkout", "payments", "catalog", "inventory-sync", "notifier"];

describe("random activity in the lattice", () => {
  it("scales things, but never what operators own", async () => {
    const { playground, probe } = await start({ calm: true });
    const [lattice] = playground.simulated;
    if (!lattice) throw new Error("no lattice");
    const activity = startRandomActivity(lattice, { seed: 5, meanMilliseconds: 4 });
    await probe.until(() => probe.ofType("component_scaled").length >= 40);
    await probe.until(() => probe.ofType("component_scale_failed").length >= 1);
    activity.stop();
    const touched = new Set(probe.ofType("component_scaled").map((event) => String(event.data.component_id)));
    expect(operatorsOwn.filter((id) => touched.has(id))).toEqual([]);
    expect(activity.actionsTaken).toBeGreaterThan(40);
  });

  it("leaves alone what somebody has commanded over the wire", async () => {
    const { playground, probe } = await start({ calm: true, hosts: 1 });
    const [lattice] = playground.simulated;
    const [host] = playground.hosts;
    if (!lattice || !host) throw new Error("no lattice");
    const ids = [...host.context.state.components.keys()];
    for (const id of ids.filter((each) => each !== "price-feed")) {
      const { reference, count } = host.context.state.components.get(id) ?? { reference: "", count: 1 };
      const body = { component_id: id, component_ref: reference, count, host_id: host.id };
      await probe.request(`component.scale.${host.id}`, body);
    }
    await probe.fence();
    const seen = probe.allEvents.length;
    const actions = new ActivityActions(lattice, createRandom(2), new TimerGroup());
    for (let count = 0; count < 20; count += 1) actions.scale();
    await probe.until(() => probe.allEvents.length >= seen + 5);
    const scaled = probe.allEvents.slice(seen).map((event) => event.data.component_id);
    expect(new Set(scaled)).toEqual(new Set(["price-feed"]));
  });

  it("rolls out, restarts, flaps, labels, configures and receives visitors", async () => {
    const { playground, probe } = await start({ calm: true });
    const [lattice] = playground.simulated;
    if (!lattice) throw new Error("no lattice");
    const actions = new ActivityActions(lattice, createRandom(4), new TimerGroup());
    actions.rollOut();
    actions.changeLabel();
    actions.changeConfig();
    actions.flapHealth();
    actions.visit();
    const happened = (type: string) => (): boolean => probe.ofType(type).length > 0;
    for (const type of [
      "component_scaled",
      "labels_changed",
      "config_set",
      "health_check_status",
      "host_started",
    ])
      await probe.until(happened(type));
    while (!happened("provider_stopped")()) {
      actions.restartProvider();
      await probe.until(happened("provider_stopped"));
    }
    await probe.until(happened("provider_started"));
    const visitor = playground.hosts.at(-1);
    if (!visitor) throw new Error("no visitor");
    await lattice.forget(visitor);
    await probe.until(happened("host_stopped"));
    expect(playground.hosts).toHaveLength(5);
    expect(visitor.connection.isClosed()).toBe(true);
  });

  it("does nothing when calm", async () => {
    const { playground, probe } = await start({ calm: true, heartbeatMilliseconds: 100 });
    await probe.until(() => probe.ofType("host_heartbeat").length >= 15);
    const other = probe.allEvents.filter(
      ({ type }) => !type.startsWith("host_heartbeat") && !type.startsWith("health"),
    );
    expect(other).toEqual([]);
    expect(playground.hosts.every((host) => host.touched.size === 0)).toBe(true);
  });
});

describe("load", () => {
  it("publishes events that are true to the state of their hosts", async () => {
    const { playground, probe } = await start({ calm: true, hosts: 3, components: 30 });
    const [lattice] = playground.simulated;
    if (!lattice) throw new Error("no lattice");
    const load = startLoad(lattice, { eventsPerSecond: 2000 });
    await probe.until(() => probe.ofType("component_scaled").length >= 500);
    load.stop();
    expect(load.published).toBeGreaterThanOrEqual(500);
    for (const { source, data } of probe.ofType("component_scaled")) {
      const component = playground.host(source).context.state.components.get(String(data.component_id));
      expect({ image_ref: component?.reference, max_instances: component?.count }).toEqual({
        image_ref: data.image_ref,
        max_instances: data.max_instances,
      });
    }
    expect(new Set(probe.ofType("component_scaled").map((event) => event.source)).size).toBe(3);
  });
});
