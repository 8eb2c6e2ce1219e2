import { afterEach, describe, expect, it } from "vitest";
import type { SeenEvent, TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";

let bench: TestBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

interface Older extends TestBench {
  command(verb: string, body: object): Promise<{ message: string; success: boolean; events: SeenEvent[] }>;
  /** The counts and references of the events that a scale to this count led to. */
  scale(count: number, more?: object): Promise<unknown[][]>;
  listed(): unknown;
}

async function open(version: string): Promise<Older> {
  const opened = await startTestBench({ version });
  bench = opened;
  const { probe, host } = opened;
  for (const name of ["c1", "c2"]) await probe.request(`config.put.${name}`, { A: "1" });
  const command: Older["command"] = async (verb, body) => {
    const { reply, after } = await probe.exchange(`${verb}.${host.id}`, { host_id: host.id, ...body });
    return { ...(reply as { message: string; success: boolean }), events: after };
  };
  return {
    ...opened,
    command,
    async scale(count, more = {}) {
      const { events } = await command("component.scale", {
        component_id: "a",
        component_ref: "R1",
        count,
        ...more,
      });
      return events.map(({ data }) => [data.max_instances, data.image_ref]);
    },
    listed: () => (host.inventory() as { components: unknown[] }).components[0],
  };
}

const silent = ["1.0.0", "1.0.4", "1.1.0"];

describe("older hosts (wasmcloud-control Appendix B, rows 76 to 98)", () => {
  it.each([
    [
      "1.0.0",
      [
        [5, "R1"],
        [0, "R1"],
      ],
      [[0, "R1"]],
      [
        [0, "R1"],
        [0, "R1"],
      ],
    ],
    ["1.0.4", [[5, "R1"]], [], [[0, "R1"]]],
    ["1.1.0", [[5, "R1"]], [], [[0, "R1"]]],
    ["1.1.1", [[5, "R1"]], [[5, "R1"]], [[0, "R1"]]],
    ["1.2.1", [[5, "R1"]], [[5, "R1"]], [[0, "R1"]]],
  ])(
    "rows 76 to 80 and 89: %s resizes, takes other configs and stops",
    async (version, resized, config, stopped) => {
      const { scale, listed, host } = await open(version);
      expect(await scale(3)).toHaveLength(silent.includes(version) ? 1 : 2);
      expect(await scale(5, { config: ["c1"] })).toEqual(resized);
      expect(await scale(5, { config: ["c1", "c2"] })).toEqual(config);
      expect(listed()).toMatchObject({ max_instances: 5, image_ref: "R1" });
      expect(host.context.state.components.get("a")?.configNames).toEqual(["c1", "c2"]);
      expect(await scale(0)).toEqual(stopped);
      expect(listed()).toBeUndefined();
    },
  );

  it.each(silent)("rows 81 to 84: %s says nothing of what changes nothing or fails", async (version) => {
    const { scale, command, listed, lattice } = await open(version);
    expect(await scale(0)).toEqual([]);
    lattice.images.set("garbage", { badSignature: "no WebAssembly" });
    for (const more of [{ component_ref: "missing:1" }, { component_ref: "garbage" }, { config: ["nope"] }])
      expect(await scale(1, more)).toEqual([]);
    expect(listed()).toBeUndefined();
    await scale(6);
    expect(await scale(6)).toEqual([]);
    expect(await scale(6, { annotations: { x: "1" } })).toEqual([]);
    expect(await scale(7, { config: ["nope"] })).toEqual([]);
    const other = await command("component.scale", { component_id: "a", component_ref: "R2", count: 6 });
    expect(other).toMatchObject({ events: [], message: expect.stringContaining("R1 != R2") });
    expect(listed()).toMatchObject({ max_instances: 6, image_ref: "R1", annotations: {} });
  });

  it("rows 85 to 87: 1.0.0 answers each update alike, and repeats one to the same image", async () => {
    const { command, scale, listed } = await open("1.0.0");
    const update = async (component_id: string, new_component_ref: string): Promise<unknown> => {
      const { success, message, events } = await command("component.update", {
        component_id,
        new_component_ref,
      });
      expect({ success, message }).toEqual({ success: true, message: "" });
      return events.map(({ data }) => [data.max_instances, data.image_ref]);
    };
    await scale(6);
    const zero = (reference: string): unknown[] => [0, reference];
    expect(await update("a", "R3")).toEqual([[6, "R3"], zero("R1"), zero("R1")]);
    expect(listed()).toMatchObject({ max_instances: 6, image_ref: "R3" });
    expect(await update("a", "R3")).toEqual([[6, "R3"], zero("R3"), zero("R3")]);
    expect(await update("b", "R3")).toEqual([]);
    expect(await update("a", "missing:1")).toEqual([]);
  });

  it.each([
    ["1.0.4", 0],
    ["1.2.1", 2],
    ["1.5.0", 2],
  ])(
    "rows 90 to 92: %s can stop a component whose image is gone by naming another",
    async (version, failures) => {
      const { scale, command, listed, lattice } = await open(version);
      await scale(2);
      lattice.images.set("R1", { error: "gone" });
      const events = [...(await scale(3)), ...(await scale(0))];
      expect(events).toHaveLength(failures);
      expect(listed()).toMatchObject({ max_instances: 2 });
      const stop = await command("component.scale", { component_id: "a", component_ref: "R2", count: 0 });
      expect(stop.message).toContain("R1 != R2");
      expect(stop.events).toMatchObject([{ data: { max_instances: 0, image_ref: "R1" } }]);
      expect(listed()).toBeUndefined();
    },
  );

  it.each([
    [
      "1.1.0",
      [
        [5, "R2"],
        [0, "R2"],
      ],
    ],
    [
      "1.2.1",
      [
        [5, "R1"],
        [5, "R2"],
        [0, "R2"],
      ],
    ],
  ])("row 95: %s updates after a scale that allows it", async (version, expected) => {
    const { scale, listed } = await open(version);
    await scale(5, { annotations: { x: "1" } });
    expect(await scale(5, { component_ref: "R2", allow_update: true })).toEqual(expected);
    expect(listed()).toMatchObject({ image_ref: "R2", annotations: {} });
  });

  it.each([
    ["1.2.1", true, true],
    ["1.4.2", false, false],
    ["1.5.0", false, true],
  ])("rows 96 to 98: %s and a second target of a link", async (version, overlapping, disjoint) => {
    const { probe } = await open(version);
    const put = async (target: string, ...interfaces: string[]): Promise<unknown> => {
      const link = { source_id: "s", target, wit_namespace: "wasi", wit_package: "http", interfaces };
      return ((await probe.request("link.put", link)) as { success: boolean }).success;
    };
    expect(await put("t1", "incoming-handler")).toBe(true);
    expect(await put("t2", "incoming-handler")).toBe(overlapping);
    expect(await put("t3", "outgoing-handler")).toBe(disjoint);
  });

  it("beats every 30 s before 1.1.1, whatever was set", async () => {
    const fast = { heartbeatMilliseconds: 20 };
    bench = await startTestBench({ version: "1.1.0", ...fast });
    const newer = await bench.lattice.addHost({ version: "1.1.1", ...fast });
    const { probe } = bench;
    await probe.until(() => probe.ofType("host_heartbeat").length > 2);
    expect(new Set(probe.ofType("host_heartbeat").map(({ source }) => source))).toEqual(new Set([newer.id]));
  });
});
