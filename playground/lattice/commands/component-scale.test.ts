import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Exchange, TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";

describe("scaling, beyond the vectors (wasmcloud-control §2.6)", () => {
  let bench: TestBench;
  beforeEach(async () => {
    bench = await startTestBench();
  });
  afterEach(() => bench.close());

  const scale = (body: object): Promise<Exchange> =>
    bench.probe.exchange(`component.scale.${bench.host.id}`, {
      component_id: "a",
      component_ref: "R1",
      ...body,
    });
  const stored = () => bench.host.context.state.components.get("a");
  const counts = ({ after }: Exchange): unknown[] =>
    after.map(({ type, data }) => [type, data.max_instances, data.image_ref]);

  it("updates afterwards when allowed, if neither count nor configs change", async () => {
    await scale({ count: 2, annotations: { x: "1" } });
    const exchange = await scale({ count: 2, component_ref: "R2", allow_update: true });
    expect(exchange.reply).toMatchObject({
      success: true,
      message: expect.stringContaining("with a changed image reference: R1 != R2"),
    });
    expect(counts(exchange)).toEqual([
      ["component_scaled", 2, "R1"],
      ["component_scaled", 2, "R2"],
      ["component_scaled", 0, "R2"],
    ]);
    expect(stored()).toMatchObject({ reference: "R2", count: 2, annotations: {} });
  });

  it.each([
    ["1.0.4", "different image reference: R1 != R2"],
    ["1.1.0", "changed image reference: R1 != R2"],
  ])("warns of another reference in %s already", async (version, text) => {
    const host = await bench.lattice.addHost({ version });
    const subject = `component.scale.${host.id}`;
    await bench.probe.exchange(subject, { component_id: "a", component_ref: "R1", count: 1 });
    const body = { component_id: "a", component_ref: "R2", count: 1, allow_update: true };
    const { reply } = await bench.probe.exchange(subject, body);
    expect(reply).toEqual({ success: true, message: expect.stringContaining(text) });
  });

  it("skips the allowed update when the count changes, and yet shows the new reference", async () => {
    await scale({ count: 2 });
    const exchange = await scale({ count: 3, component_ref: "R2", allow_update: true });
    expect(counts(exchange)).toEqual([["component_scaled", 3, "R1"]]);
    expect(stored()).toMatchObject({ reference: "R2", count: 3 });
  });

  it("takes a changed config list for a change, in order", async () => {
    await bench.probe.request("config.put.c1", {});
    await bench.probe.request("config.put.c2", {});
    await scale({ count: 1, config: ["c1", "c2"], annotations: { x: "1" } });
    await scale({ count: 1, config: ["c1", "c2"] });
    expect(stored()?.annotations).toEqual({ x: "1" });
    await scale({ count: 1, config: ["c2", "c1"] });
    expect(stored()?.annotations).toEqual({});
    const failed = await scale({ count: 1, config: ["c1", "nope"] });
    expect(failed.after.map((event) => event.type)).toEqual(["component_scale_failed"]);
    expect(stored()?.configNames).toEqual(["c2", "c1"]);
  });

  it("fails for a bad signature even when something runs", async () => {
    await scale({ count: 1 });
    bench.lattice.images.set("R1", { badSignature: "token has expired" });
    const { after } = await scale({ count: 0 });
    expect(after).toMatchObject([{ type: "component_scale_failed", data: { error: "token has expired" } }]);
    expect(stored()?.count).toBe(1);
  });

  it("keeps known limits and ignores the rest", async () => {
    await scale({
      count: 1,
      component_limits: { max_memory_limit: "1024", max_execution_time: "soon", other: "1" },
    });
    expect(stored()?.limits).toEqual({ max_memory_limit: "1024" });
    await scale({ count: 2 });
    expect(stored()?.limits).toBeNull();
  });

  it("refuses file references without file loading", async () => {
    const { after } = await scale({ count: 1, component_ref: "file:///opt/a.wasm" });
    expect(after[0]?.data.error).toBe(
      "failed to fetch component: unable to start component from file, file loading is disabled",
    );
  });

  it("carries an empty host ID from the body since 1.6, but not in the first event of a start", async () => {
    const { after } = await scale({ count: 1 });
    expect(after.map((event) => event.data.host_id)).toEqual([bench.host.id, ""]);
  });
});
