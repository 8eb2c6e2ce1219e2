import { afterEach, describe, expect, it } from "vitest";
import type { HostOptions } from "../host/host-settings.ts";
import type { TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";

let bench: TestBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

interface Opened extends TestBench {
  scale(body: object): Promise<unknown[][]>;
  update(id: string, reference: string): Promise<unknown[][]>;
  listed(id: string): unknown;
}

/** A host, and commands to it that give the events they led to as count and reference. */
async function open(options: HostOptions = {}): Promise<Opened> {
  const opened = await startTestBench(options);
  bench = opened;
  const { probe, host } = opened;
  const facts = async (verb: string, body: object): Promise<unknown[][]> => {
    const { after } = await probe.exchange(`${verb}.${host.id}`, { host_id: host.id, ...body });
    return after.map(({ type, data }) =>
      type === "component_scaled" ? [data.max_instances, data.image_ref] : [type, data.max_instances],
    );
  };
  return {
    ...opened,
    scale: (body) => facts("component.scale", body),
    update: (id, reference) => facts("component.update", { component_id: id, new_component_ref: reference }),
    listed: (id) =>
      (host.inventory() as { components: { id: string }[] }).components.find((each) => each.id === id),
  };
}

const b = (component_ref: string, count: number, more: object = {}): object => ({
  component_id: "b",
  component_ref,
  count,
  ...more,
});

describe("what a correct-looking client gets wrong (wasmcloud-control Appendix B, rows 53 to 73)", () => {
  it("row 53: an update, and a stop after it, let the old code go on answering", async () => {
    const { scale, update, listed, lattice } = await open();
    await scale(b("R1", 4));
    expect(await update("b", "R2")).toEqual([
      [4, "R2"],
      [0, "R2"],
    ]);
    expect(listed("b")).toMatchObject({ image_ref: "R2", max_instances: 4 });
    expect(lattice.answering("b")).toEqual(["R1"]);
    expect(await scale(b("R2", 0))).toEqual([[0, "R2"]]);
    expect(listed("b")).toBeUndefined();
    expect(lattice.answering("b")).toEqual(["R1"]);
  });

  it("row 54: a resize after an update lets old and new code answer", async () => {
    const { scale, update, lattice } = await open();
    await scale(b("R1", 2));
    await update("b", "R2");
    await scale(b("R2", 3));
    expect(lattice.answering("b")).toEqual(["R1", "R2"]);
  });

  it("row 55: stop and start change the code, and so does the end of the host", async () => {
    const { scale, update, lattice, host } = await open();
    await scale(b("R1", 4));
    expect(lattice.answering("b")).toEqual(["R1"]);
    await scale(b("R1", 0));
    expect(lattice.answering("b")).toEqual([]);
    await scale(b("R2", 1));
    await update("b", "R3");
    expect(lattice.answering("b")).toEqual(["R2"]);
    host.kill();
    expect(lattice.answering("b")).toEqual([]);
  });

  it("an update of 1.0.0 ends the old code", async () => {
    const { scale, update, lattice } = await open({ version: "1.0.0" });
    await scale(b("R1", 2));
    await update("b", "R2");
    expect(lattice.answering("b")).toEqual(["R2"]);
  });

  it("row 56: a scale made during an update is announced and lost", async () => {
    const { scale, listed, probe, host, lattice } = await open();
    await scale(b("R1", 7));
    lattice.images.set("R2", { delayMilliseconds: 50 });
    const seen = probe.allEvents.length;
    const body = { component_id: "b", new_component_ref: "R2", host_id: host.id };
    const replies = await Promise.all([
      probe.request(`component.update.${host.id}`, body),
      probe.request(`component.scale.${host.id}`, { ...b("R1", 9), host_id: host.id }),
    ]);
    expect(replies).toMatchObject([{ success: true }, { success: true }]);
    const scaled = () => probe.allEvents.slice(seen).filter(({ type }) => type === "component_scaled");
    await probe.until(() => scaled().length === 3);
    expect(scaled().map(({ data }) => [data.max_instances, data.image_ref])).toEqual([
      [7, "R2"],
      [0, "R2"],
      [9, "R1"],
    ]);
    await probe.fence();
    expect(listed("b")).toMatchObject({ max_instances: 7, image_ref: "R2" });
  });

  it("rows 57 and 58: with count and configs as stored, nothing of a scale is taken", async () => {
    const { scale, listed } = await open();
    await scale(b("R1", 2, { annotations: { team: "x" } }));
    const before = listed("b");
    const other = { annotations: { team: "y" }, component_limits: { max_memory_limit: "1048576" } };
    expect(await scale(b("R1", 2, other))).toEqual([[2, "R1"]]);
    expect(listed("b")).toEqual(before);
  });

  it("rows 59 and 60: limits are a map, an empty map or null", async () => {
    const { scale, listed } = await open();
    await scale(b("R1", 1));
    let count = 1;
    const limitsOf = async (component_limits?: object): Promise<unknown> => {
      count += 1;
      await scale(b("R1", count, { component_limits }));
      return (listed("b") as { limits: unknown }).limits;
    };
    expect(await limitsOf({ max_memory_limit: "1048576" })).toEqual({ max_memory_limit: "1048576" });
    expect(await limitsOf({})).toEqual({});
    expect(await limitsOf()).toBeNull();
    expect(await limitsOf({ max_memory_limit: "0" })).toEqual({ max_memory_limit: "0" });
    expect(await limitsOf({ max_memory_limit: "99999999999999999999" })).toEqual({});
    expect(await limitsOf({ max_memory_limit: "5", max_execution_time: "x" })).toEqual({
      max_memory_limit: "5",
    });
  });

  it("rows 61 and 62: parallel links of one source lose each other, of several they do not", async () => {
    const { probe, lattice } = await open();
    const put = (source_id: string, index: number): Promise<unknown> =>
      probe.request("link.put", {
        source_id,
        target: `t${index}`,
        name: `n${index}`,
        wit_namespace: "wasi",
        wit_package: "http",
        interfaces: ["i"],
      });
    const ten = Array.from({ length: 10 }, (_, index) => index);
    const stored = (prefix: string): number => {
      const links = [...lattice.state.specs.values()].flatMap((spec) => spec.links);
      return links.filter((link) => link.source_id.startsWith(prefix)).length;
    };
    const one = await Promise.all(ten.map((index) => put("one", index)));
    expect(one).toEqual(ten.map(() => ({ success: true, message: "successfully set link" })));
    expect(probe.ofType("linkdef_set")).toHaveLength(10);
    expect(stored("one")).toBeLessThan(10);
    await Promise.all(ten.map((index) => put(`several${index}`, index)));
    expect(stored("several")).toBe(10);
  });

  it("row 63: a deleted config is taken where it was used before, and nowhere else", async () => {
    const { scale, probe, lattice } = await open();
    await probe.request("config.put.k", { A: "1" });
    await scale(b("R1", 1, { config: ["k"] }));
    await scale(b("R1", 0));
    await probe.request("config.del.k");
    expect(await scale(b("R1", 1, { config: ["k"] }))).toEqual([
      [1, "R1"],
      [1, "R1"],
    ]);
    const other = await lattice.addHost();
    const { after } = await probe.exchange(`component.scale.${other.id}`, b("R1", 1, { config: ["k"] }));
    expect(after).toMatchObject([
      { data: { error: "Unable to fetch requested config: Config k does not exist" } },
    ]);
  });

  it("row 64: with an update that hangs and a start behind it, the host falls silent", async () => {
    const { scale, probe, host, lattice } = await open({ heartbeatMilliseconds: 30 });
    await scale(b("R1", 1));
    // A copy of the lattice's data that comes later would wait, and make the next reader wait.
    const { specs, claims } = host.context.cache;
    await expect
      .poll(() => [specs.size, claims.size])
      .toEqual([lattice.state.specs.size, lattice.state.claims.size]);
    lattice.images.set("hangs", { hangs: true });
    const update = { component_id: "b", new_component_ref: "hangs", host_id: host.id };
    expect(await probe.request(`component.update.${host.id}`, update)).toMatchObject({ success: true });
    expect(await probe.request(`host.get.${host.id}`)).toMatchObject({ success: true });
    const start = { component_id: "c", component_ref: "R1", count: 1, host_id: host.id };
    expect(await probe.request(`component.scale.${host.id}`, start)).toEqual({ success: true, message: "" });
    await probe.fence();
    const beats = probe.ofType("host_heartbeat").length;
    const inventory = probe.connection.request(probe.subject(`host.get.${host.id}`), "", { timeout: 150 });
    await expect(inventory).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(probe.ofType("host_heartbeat").length).toBe(beats);
    expect(probe.allEvents.some(({ data }) => data.component_id === "c")).toBe(false);
    expect(await probe.request("host.ping")).toMatchObject({ success: true });
    await probe.request(`host.stop.${host.id}`, { host_id: host.id, timeout: 50 });
    await expect.poll(() => host.status).toBe("stopped");
    expect(probe.ofType("host_stopped")).toEqual([]);
  });

  it("row 65: credentials wait for a download, and whatever starts later waits for them", async () => {
    const { scale, probe, lattice, host } = await open();
    lattice.images.set("hangs", { hangs: true });
    expect(await scale(b("hangs", 1))).toEqual([]);
    const credentials = JSON.stringify({ "r.example": { registryType: "oci" } });
    const put = probe.connection.request(probe.subject("registry.put"), credentials, { timeout: 100 });
    await expect(put).rejects.toMatchObject({ code: "TIMEOUT" });
    const body = { component_id: "c", component_ref: "file:///c.wasm", count: 1 };
    const { reply, after } = await probe.exchange(`component.scale.${host.id}`, body);
    expect(reply).toEqual({ success: true, message: "" });
    expect(after).toEqual([]);
  });

  it("row 68: of two starts of one provider at once, one fails", async () => {
    const { probe, host, lattice } = await open();
    lattice.images.set("reg.test/p:1", { delayMilliseconds: 30 });
    const body = { provider_id: "p", provider_ref: "reg.test/p:1", host_id: host.id };
    const start = (): Promise<unknown> => probe.request(`provider.start.${host.id}`, body);
    expect(await Promise.all([start(), start()])).toMatchObject([{ success: true }, { success: true }]);
    await probe.until(() => probe.ofType("provider_start_failed").length > 0);
    expect(probe.ofType("provider_started")).toHaveLength(1);
    expect(probe.ofType("provider_start_failed")[0]?.data.error).toBe(
      "provider is already running with that ID",
    );
  });

  it("row 69: a provider that hangs is told of by nothing, and killed after a time at its stop", async () => {
    const { probe, host } = await open({
      healthFirstMilliseconds: 10,
      healthPeriodMilliseconds: 10,
      providerShutdownMilliseconds: 60_000,
      providerShutdownLimitMilliseconds: 1,
    });
    const body = { provider_id: "p", provider_ref: "reg.test/p:1", host_id: host.id };
    await probe.request(`provider.start.${host.id}`, body);
    await probe.until(() => probe.ofType("health_check_status").length > 0);
    host.setProviderHealth("p", "silent");
    await probe.fence();
    const seen = probe.allEvents.filter(({ type }) => type.startsWith("health_")).length;
    await probe.request(`provider.stop.${host.id}`, { provider_id: "p", host_id: host.id });
    expect(probe.allEvents.filter(({ type }) => type.startsWith("health_")).length).toBe(seen);
  });

  it("rows 70 and 71: IDs that are keys of a bucket run, others fail in the last step", async () => {
    const { scale } = await open();
    for (const component_id of ["dot.id", "sl/ash", "eq=ual"]) {
      const starts = await scale({ component_id, component_ref: "R1", count: 1 });
      expect(starts).toHaveLength(2);
    }
    const illegal = { component_id: "spa ce", component_ref: "R1" };
    expect(await scale({ ...illegal, count: 1 })).toEqual([["component_scale_failed", 1]]);
    expect(await scale({ ...illegal, count: 0 })).toEqual([[0, "R1"]]);
    await bench?.close();
    const older = await open({ version: "1.0.4" });
    expect(await older.scale({ ...illegal, count: 1 })).toEqual([["component_scale_failed", 1]]);
  });

  it("a frozen host does what it was told once it goes on", async () => {
    const { probe, host } = await open();
    host.pause();
    const put = probe.request(`label.put.${host.id}`, { key: "frozen", value: "x" });
    await probe.connection.flush();
    expect(probe.ofType("labels_changed")).toEqual([]);
    host.resume();
    expect(await put).toMatchObject({ success: true });
    expect(probe.ofType("labels_changed")).toHaveLength(1);
  });
});
