import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ControlOrder } from "./control.ts";
import { control, controlLine } from "./control.ts";
import { WireProbe } from "./lattice/testing/wire-probe.ts";
import type { Playground } from "./playground.ts";
import { startPlayground } from "./playground.ts";

describe("the playground", () => {
  let playground: Playground;
  let probe: WireProbe;
  beforeAll(async () => {
    playground = await startPlayground({ calm: true, seed: 3, heartbeatMilliseconds: 200 });
    probe = await WireProbe.open(playground);
  });
  afterAll(async () => {
    await probe.close();
    const { folder } = playground.nats;
    await playground.stop();
    expect(playground.nats.running).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  const order = async (what: ControlOrder): Promise<Record<string, unknown>> => {
    const answer = await control(playground, what);
    expect(answer).toMatchObject({ ok: true });
    return answer as Record<string, unknown>;
  };

  it("has two lattices with hosts of mixed versions", () => {
    expect(
      playground.lattices.map(({ name, hosts }) => ({ name, versions: hosts.map((host) => host.version) })),
    ).toEqual([
      { name: "default", versions: ["1.0.4", "1.5.1", "1.8.0", "1.9.1", "1.9.2"] },
      { name: "staging", versions: ["1.8.0", "1.9.2"] },
    ]);
    expect(playground.websocketUrl).toMatch(/^ws:/);
  });

  it("runs the shop with its links, configs and claims", async () => {
    // Any host answers, and the copies of some lag at first (wasmcloud-control §2.15).
    await vi.waitFor(async () => {
      const links = (await probe.request("link.get")) as { response: object[] };
      expect(links.response).toHaveLength(10);
      expect(links.response).toContainEqual(
        expect.objectContaining({ source_id: "http-server", target: "orders-api" }),
      );
    });
    const claims = (await probe.request("claims.get")) as { response: object[] };
    expect(claims.response).toHaveLength(7);
    expect(await probe.request("config.get.orders-defaults")).toMatchObject({ response: { DB_POOL: "8" } });
    const ids = playground.simulated[0]?.hosts.flatMap((host) => [...host.context.state.components.keys()]);
    expect(ids?.filter((id) => id === "orders-api")).toHaveLength(3);
  });

  it("has one host that shows the user and password of its address", async () => {
    const exchange = await probe.exchange("host.ping");
    const addresses = exchange.replies.map((reply) => (reply as { response: { ctl_host: string } }).response);
    expect(addresses.filter(({ ctl_host }) => ctl_host.includes("operator:"))).toHaveLength(1);
    expect(addresses).toHaveLength(5);
  });

  it("tells which code answers", async () => {
    expect(await order({ do: "answering", component: "orders-api" })).toMatchObject({
      answering: Array.from({ length: 3 }, () => "registry.example.test/shop/orders-api:2.3.1"),
    });
  });

  it("is the same for the same seed", async () => {
    const twin = await startPlayground({ calm: true, seed: 3 });
    const names = (one: Playground): string[] => one.hosts.map((host) => `${host.id} ${host.friendlyName}`);
    expect(names(twin)).toEqual(names(playground));
    await twin.stop();
  });

  it("obeys orders about hosts", async () => {
    const added = (await order({
      do: "add-host",
      version: "1.8.0",
      labels: { zone: "us-1" },
      friendlyName: "new-one-0001",
    })) as {
      host: { id: string };
    };
    await probe.until(() => probe.ofType("host_started").some((event) => event.source === added.host.id));
    await order({ do: "freeze-host", host: "new-one-0001" });
    expect(playground.host("new-one-0001").status).toBe("frozen");
    await order({ do: "resume-host", host: "new-one-0001" });
    await order({ do: "stop-host", host: added.host.id });
    await probe.until(() => probe.ofType("host_stopped").some((event) => event.source === added.host.id));
    const doomed = (await order({ do: "add-host" })) as { host: { id: string } };
    await order({ do: "kill-host", host: doomed.host.id });
    await expect(probe.request(`host.get.${doomed.host.id}`)).rejects.toMatchObject({ code: "503" });
    const state = (await order({ do: "state" })) as unknown as Playground;
    expect(state.lattices[0]?.hosts.slice(-2).map((host) => host.status)).toEqual(["stopped", "killed"]);
  });

  it("obeys orders about faults, images, providers and foreign messages", async () => {
    const host = playground.hosts[4]?.id ?? "";
    await order({ do: "fault", host, fault: { kind: "garbageReply", on: "host.get", count: 1 } });
    await expect(probe.request(`host.get.${host}`)).rejects.toThrow();
    await order({ do: "fault", host, fault: { kind: "silent" } });
    await order({ do: "clear-faults" });
    expect(await probe.request(`host.get.${host}`)).toMatchObject({ success: true });
    await order({ do: "image", reference: "broken:1", error: "manifest unknown" });
    const body = { component_id: "new", component_ref: "broken:1", count: 1, host_id: host };
    expect(await order({ do: "execute", host, verb: "component.scale", body })).toMatchObject({
      reply: { success: true },
    });
    await probe.until(() => probe.ofType("component_scale_failed").length > 0);
    const provider = [...playground.host(host).context.state.providers.keys()][0] ?? "";
    await order({ do: "provider-health", host, provider, behaviour: "healthy" });
    await order({ do: "provider-health", host, provider, behaviour: "unhealthy" });
    await probe.until(() => probe.ofType("health_check_failed").length > 0);
    await order({ do: "crash-provider", host, provider });
    await order({ do: "publish", subject: "wasmbus.evt.default.strange", text: "hello" });
    await probe.until(() => probe.rawEvents.includes("hello"));
    expect(await order({ do: "inventory", host })).toMatchObject({ inventory: { host_id: host } });
  });

  it("answers mistakes instead of failing", async () => {
    expect(JSON.parse(await controlLine(playground, "{"))).toEqual({
      ok: false,
      error: "an order is one line of JSON",
    });
    expect(JSON.parse(await controlLine(playground, "null"))).toMatchObject({ ok: false });
    expect(JSON.parse(await controlLine(playground, '{"do":"dance"}'))).toEqual({
      ok: false,
      error: "no such order: dance",
    });
    expect(await control(playground, { do: "kill-host", host: "nobody" })).toEqual({
      ok: false,
      error: "no such host: nobody",
    });
  });

  it("survives the death and the return of the NATS server", async () => {
    await order({ do: "kill-nats" });
    expect(await order({ do: "state" })).toMatchObject({ natsRunning: false });
    await order({ do: "restart-nats" });
    const again = await WireProbe.open(playground);
    await again.until(() => new Set(again.ofType("host_heartbeat").map((event) => event.source)).size === 5);
    const reply = await again.request(`host.get.${playground.hosts[0]?.id}`);
    expect(reply).toMatchObject({ success: true });
    await again.close();
  });
});
