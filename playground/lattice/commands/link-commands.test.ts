import { afterEach, describe, expect, it } from "vitest";
import type { TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";

let bench: TestBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const key = { source_id: "s", name: "default", wit_namespace: "wasi", wit_package: "http" };

function stored({ lattice }: TestBench): { target: string; interfaces: string[] }[] {
  return [...(lattice.state.specs.get("s")?.links ?? [])];
}

describe("links, beyond the vectors (wasmcloud-control §2.13, §5.7)", () => {
  it("replaces the link of the same identity as a whole", async () => {
    bench = await startTestBench();
    await bench.probe.request("link.put", { ...key, target: "t", interfaces: ["a", "b"] });
    await bench.probe.request("link.put", { ...key, target: "t", interfaces: ["c"] });
    expect(stored(bench)).toMatchObject([
      { target: "t", interfaces: ["c"], source_config: [], target_config: [] },
    ]);
  });

  it("moves the last link into the place of the deleted one", async () => {
    bench = await startTestBench();
    for (const [target, part] of [
      ["t1", "a"],
      ["t2", "b"],
      ["t3", "c"],
    ])
      await bench.probe.request("link.put", { ...key, target, interfaces: [part] });
    await bench.probe.request("link.del", { source_id: "s", wit_namespace: "wasi", wit_package: "http" });
    expect(stored(bench).map((link) => link.target)).toEqual(["t3", "t2"]);
  });

  it("names every missing config in a sentence of its own", async () => {
    bench = await startTestBench();
    const body = { ...key, target: "t", interfaces: [], source_config: ["a"], target_config: ["SECRET_b"] };
    expect(await bench.probe.request("link.put", body)).toEqual({
      success: false,
      message:
        "Failed to validate configuration and secrets. Configuration a not found in config store. Secret reference SECRET_b not found in config store. ",
    });
  });

  it("refuses sources that cannot be a key", async () => {
    bench = await startTestBench();
    const body = { ...key, source_id: "no spaces", target: "t", interfaces: [] };
    const { reply, before } = await bench.probe.exchange("link.put", body);
    expect(reply).toEqual({ success: false, message: "failed to get component spec" });
    expect(before.map((event) => event.type)).toEqual(["linkdef_set_failed"]);
  });

  it("forgets a deleted link's target in events before 1.3", async () => {
    bench = await startTestBench({ version: "1.2.1" });
    await bench.probe.request("link.put", { ...key, target: "t", interfaces: ["a"] });
    const { reply, before } = await bench.probe.exchange("link.del", key);
    expect(reply).toEqual({ success: true, message: "" });
    expect(before[0]?.data).toEqual(key);
  });

  it("only resolves configs in 1.0.x, without an event", async () => {
    bench = await startTestBench({ version: "1.0.4" });
    const body = { ...key, target: "t", interfaces: [], source_config: ["nope"] };
    const { reply, before, after } = await bench.probe.exchange("link.put", body);
    expect(reply).toEqual({ success: false, message: "failed to resolve link config for provider" });
    expect([...before, ...after]).toEqual([]);
  });

  it("knows the source of a workload that has run", async () => {
    bench = await startTestBench();
    const body = { component_id: "s", component_ref: "R", count: 1, host_id: bench.host.id };
    await bench.probe.exchange(`component.scale.${bench.host.id}`, body);
    expect(await bench.probe.request("link.del", key)).toEqual({
      success: true,
      message: "successfully deleted link",
    });
  });

  it("lets the caches follow, except a 1.9.0 host's own", async () => {
    bench = await startTestBench({ version: "1.9.0" });
    const { probe, host, lattice } = bench;
    const other = await lattice.createHost();
    const cached = (each: typeof host): number => each.context.cache.links().length;
    await probe.request("link.put", { ...key, target: "t", interfaces: [] });
    expect(cached(host)).toBe(1);
    await expect.poll(() => cached(other)).toBe(1);
  });

  it.each([
    ["config.put.a$b", "{}", "unable to store config data"],
    ["config.get.a$b", undefined, "key cannot be empty or start/end with `.`"],
    ["config.del.a$b", undefined, "Unable to delete config data"],
    ["config.put.c", undefined, "config data should be a map of string -> string"],
    ["link.frobnicate", "{}", "unsupported subject"],
  ])("refuses %s", async (subject, body, message) => {
    bench = await startTestBench();
    expect(await bench.probe.request(subject, body)).toEqual({ success: false, message });
  });
});
