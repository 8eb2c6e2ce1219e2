import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestBench } from "./testing/wire-probe.ts";
import { startTestBench } from "./testing/wire-probe.ts";

describe("the life of a host (wasmcloud-control §5.2)", () => {
  let bench: TestBench;
  beforeEach(async () => {
    bench = await startTestBench({ heartbeatMilliseconds: 100 });
  });
  afterEach(() => bench.close());

  const beats = (): number => bench.probe.ofType("host_heartbeat").length;

  it("announces itself, then beats with its inventory", async () => {
    const { probe, host } = bench;
    await probe.until(() => beats() >= 2);
    expect(probe.allEvents[0]).toMatchObject({
      type: "host_started",
      source: host.id,
      data: {
        friendly_name: host.friendlyName,
        labels: { zone: "eu-1" },
        uptime_seconds: 0,
        version: "1.9.2",
      },
    });
    expect(probe.allEvents[0]?.data).not.toHaveProperty("id");
    expect(probe.ofType("host_heartbeat")[0]?.data).toMatchObject({
      host_id: host.id,
      components: [],
      providers: [],
    });
  });

  it("wraps events in exactly the CloudEvents envelope", async () => {
    await bench.probe.until(() => bench.probe.rawEvents.length > 0);
    const envelope = JSON.parse(bench.probe.rawEvents[0] ?? "") as Record<string, unknown>;
    expect(Object.keys(envelope).sort()).toEqual([
      "data",
      "datacontenttype",
      "id",
      "source",
      "specversion",
      "time",
      "type",
    ]);
    expect(envelope).toMatchObject({
      specversion: "1.0",
      type: "com.wasmcloud.lattice.host_started",
      datacontenttype: "application/json",
    });
  });

  it("says goodbye once when it is stopped, and nobody answers for it", async () => {
    const { probe, host } = bench;
    await host.stop();
    await host.stop();
    await probe.until(() => probe.ofType("host_stopped").length > 0);
    expect(probe.ofType("host_stopped")).toHaveLength(1);
    expect(probe.allEvents.at(-1)?.type).toBe("host_stopped");
    await expect(probe.request(`host.get.${host.id}`)).rejects.toMatchObject({ code: "503" });
  });

  it("vanishes without a word when it is killed", async () => {
    const { probe, host } = bench;
    host.kill();
    // The server takes a moment to see that the host's connection is gone.
    const answer = () => probe.request(`host.get.${host.id}`).catch((error: { code: string }) => error.code);
    await expect.poll(answer).toBe("503");
    expect(probe.ofType("host_stopped")).toEqual([]);
    expect(host.status).toBe("killed");
  });

  it("neither answers nor beats while frozen, and goes on afterwards", async () => {
    const { probe, host, lattice } = bench;
    const witness = await lattice.addHost({ heartbeatMilliseconds: 100 });
    host.pause();
    const beatsOf = (id: string): number =>
      probe.ofType("host_heartbeat").filter(({ source }) => source === id).length;
    const before = beatsOf(host.id);
    const request = probe.connection.request(probe.subject(`host.get.${host.id}`), "", { timeout: 250 });
    await expect(request).rejects.toMatchObject({ code: "TIMEOUT" });
    const witnessed = beatsOf(witness.id);
    await probe.until(() => beatsOf(witness.id) >= witnessed + 2);
    expect(beatsOf(host.id)).toBe(before);
    host.resume();
    await probe.until(() => beatsOf(host.id) > before);
    expect(await probe.request(`host.get.${host.id}`)).toMatchObject({ success: true });
  });

  it("answers with an error nothing but a deadline in the past: no host_stopped", async () => {
    const { probe, host, lattice } = bench;
    await lattice.addHost();
    await probe.exchange(`host.stop.${host.id}`, { timeout: 0 });
    expect(host.status).toBe("stopped");
    expect(probe.ofType("host_stopped")).toEqual([]);
  });

  it("shares queue work: exactly one of several hosts answers", async () => {
    const { probe, lattice } = bench;
    for (let count = 0; count < 3; count += 1) await lattice.addHost();
    const { replies, before, after } = await probe.exchange("config.put.shared", { A: "1" });
    expect(replies).toHaveLength(1);
    expect([...before, ...after].map((event) => event.type)).toEqual(["config_set"]);
    const everybody = await probe.exchange("registry.put", {});
    expect(everybody.replies).toHaveLength(4);
  });

  it("keeps configs, links and claims for hosts that come later", async () => {
    const { probe, host, lattice } = bench;
    await probe.request("config.put.kept", { A: "1" });
    const link = { source_id: "s", target: "t", wit_namespace: "wasi", wit_package: "http", interfaces: [] };
    await probe.request("link.put", link);
    host.kill();
    await lattice.addHost();
    expect(await probe.request("config.get.kept")).toMatchObject({ response: { A: "1" } });
    expect(await probe.request("link.get")).toMatchObject({ response: [link] });
  });

  it("tells the claims of signed workloads", async () => {
    const { probe, host, lattice } = bench;
    const claims = {
      publicKey: "MKEY",
      issuer: "AKEY",
      name: "orders",
      version: "2.0.0",
      revision: 7,
      tags: ["a", "b"],
    };
    lattice.images.set("signed", { claims });
    const body = { component_id: "a", component_ref: "signed", count: 1, host_id: host.id };
    const { after } = await probe.exchange(`component.scale.${host.id}`, body);
    expect(after[0]?.data).toMatchObject({
      public_key: "MKEY",
      claims: { call_alias: null, issuer: "AKEY", tags: ["a", "b"], revision: 7, expires_human: "never" },
    });
    await expect
      .poll(() => probe.request("claims.get"))
      .toMatchObject({
        response: [
          {
            sub: "MKEY",
            subject: "MKEY",
            iss: "AKEY",
            rev: "7",
            tags: "a,b",
            call_alias: "",
            version: "2.0.0",
          },
        ],
      });
    const inventory = host.inventory() as { components: object[] };
    expect(inventory.components[0]).toMatchObject({ name: "orders", revision: 7 });
  });

  it("follows health by the state machine of §4.11", async () => {
    const { probe, host } = bench;
    const body = { provider_id: "p", provider_ref: "reg.test/p:1", host_id: host.id };
    await probe.exchange(`provider.start.${host.id}`, body);
    const seen = (): string[] =>
      probe.allEvents.map((event) => event.type).filter((type) => type.startsWith("health"));
    for (const behaviour of ["unhealthy", "healthy", "healthy", "silent", "unhealthy", "unhealthy"] as const)
      host.setProviderHealth("p", behaviour);
    const expected = ["status", "passed", "status", "failed", "status"].map((end) => `health_check_${end}`);
    await probe.until(() => seen().length >= expected.length);
    expect(seen()).toEqual(expected);
  });

  it("announces a 1.9.1 host with its ID", async () => {
    const older = await bench.lattice.addHost({ version: "1.9.1" });
    const mine = () => bench.probe.ofType("host_started").find((event) => event.source === older.id);
    await bench.probe.until(() => mine() !== undefined);
    expect(mine()?.data.id).toBe(older.id);
  });
});
