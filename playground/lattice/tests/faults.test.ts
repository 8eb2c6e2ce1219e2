import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHostFaults } from "../host/faults.ts";
import type { TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";

describe("faults on the wire", () => {
  let bench: TestBench;
  beforeEach(async () => {
    bench = await startTestBench();
  });
  afterEach(() => bench.close());

  const ask = async (timeout = 3000): Promise<string> => {
    const { probe, host } = bench;
    const message = await probe.connection.request(probe.subject(`host.get.${host.id}`), "", { timeout });
    return message.string();
  };
  const put = (): Promise<unknown> =>
    bench.probe.request(`label.put.${bench.host.id}`, { key: "k", value: "v" });

  it("silent: no reply and nothing done", async () => {
    const { probe, host } = bench;
    host.faults.add({ kind: "silent", on: "label.put", count: 1 });
    const body = { key: "k", value: "v" };
    const { replies, before, after } = await probe.exchange(`label.put.${host.id}`, body, () =>
      probe.fence(),
    );
    expect([replies, before, after]).toEqual([[], [], []]);
    expect(await put()).toMatchObject({ success: true });
  });

  it("silent with execute: no reply, but done", async () => {
    const { probe, host } = bench;
    host.faults.add({ kind: "silent", on: "label.put", execute: true });
    const body = { key: "k", value: "v" };
    const { replies, after } = await probe.exchange(`label.put.${host.id}`, body, () => probe.fence());
    expect(replies).toEqual([]);
    expect(after.map((event) => event.type)).toEqual(["labels_changed"]);
  });

  it("garbageReply, halfEnvelope, foreignReply and hugeReply spoil one reply each", async () => {
    const { faults } = bench.host;
    faults.add({ kind: "garbageReply", count: 1 });
    expect(await ask()).toContain("<html>");
    faults.add({ kind: "halfEnvelope", count: 1 });
    const half = await ask();
    expect(() => JSON.parse(half)).toThrow();
    faults.add({ kind: "halfEnvelope", form: "noMessage", count: 1 });
    expect(JSON.parse(await ask())).not.toHaveProperty("message");
    faults.add({ kind: "foreignReply", count: 1 });
    expect(JSON.parse(await ask())).toEqual({ stream: "capture", seq: 42 });
    faults.add({ kind: "hugeReply", bytes: 100_000, count: 1 });
    expect((await ask()).length).toBeGreaterThan(99_000);
    expect(faults.list()).toEqual([]);
    expect(JSON.parse(await ask())).toMatchObject({ success: true });
  });

  it("hugeReply above the server's limit vanishes", async () => {
    bench.host.faults.add({ kind: "hugeReply", count: 1 });
    await expect(ask(200)).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(JSON.parse(await ask())).toMatchObject({ success: true });
  });

  it("slowReply holds the reply back, not the work", async () => {
    bench.host.faults.add({ kind: "slowReply", on: "label.put", milliseconds: 150, count: 1 });
    const { probe, host } = bench;
    const order: string[] = [];
    const reply = put().then(() => order.push("reply"));
    await probe.until(() => probe.ofType("labels_changed").length > 0);
    order.push("event");
    await reply;
    expect(order).toEqual(["event", "reply"]);
    expect(host.context.state.labels.get("k")).toBe("v");
  });

  it("dropEvents, malformedEvents and unknownEvents spoil the events only", async () => {
    const { probe, host } = bench;
    host.faults.add({ kind: "dropEvents", on: "labels_changed", count: 1 });
    const dropped = await probe.exchange(`label.put.${host.id}`, { key: "k", value: "1" });
    expect(dropped.reply).toMatchObject({ success: true });
    expect(dropped.before).toEqual([]);
    host.faults.add({ kind: "malformedEvents", on: "labels_changed", count: 1 });
    await put();
    expect(probe.rawEvents).toContain("this is not JSON");
    host.faults.add({ kind: "malformedEvents", on: "labels_changed", form: "wrongTypes", count: 1 });
    const wrong = await probe.exchange(`label.put.${host.id}`, { key: "k", value: "2" });
    expect(wrong.before[0]?.data).toEqual({ host_id: 0, labels: 1 });
    host.faults.add({ kind: "unknownEvents", on: "labels_changed", count: 1 });
    const { before } = await probe.exchange(`label.put.${host.id}`, { key: "k", value: "3" });
    expect(before.map((event) => event.type)).toEqual(["component_teleported", "labels_changed"]);
  });

  it("policyDenial and scaleDelay change how a scale ends", async () => {
    const { probe, host } = bench;
    const body = { component_id: "a", component_ref: "R", count: 1, host_id: host.id };
    host.faults.add({ kind: "policyDenial", reason: "not today", count: 1 });
    const { after } = await probe.exchange(`component.scale.${host.id}`, body);
    expect(after[0]).toMatchObject({
      type: "component_scale_failed",
      data: { error: 'Policy denied request to scale component `a`: `"not today"`' },
    });
    host.faults.add({ kind: "scaleDelay", milliseconds: 100, count: 1 });
    expect((await probe.exchange(`component.scale.${host.id}`, body)).after).toEqual([]);
    await probe.until(() => probe.ofType("component_scaled").length === 2);
  });

  it("startDelay lets a second start overtake the first", async () => {
    const { probe, host } = bench;
    const body = { provider_id: "p", provider_ref: "reg.test/p:1", host_id: host.id };
    host.faults.add({ kind: "startDelay", milliseconds: 100, count: 1 });
    await probe.request(`provider.start.${host.id}`, body);
    const second = await probe.exchange(`provider.start.${host.id}`, body);
    expect(second.reply).toMatchObject({ success: true });
    await probe.until(() => probe.ofType("provider_start_failed").length > 0);
    expect(probe.ofType("provider_start_failed")[0]?.data.error).toBe(
      "provider is already running with that ID",
    );
  });

  it("wrongAuctionBid bids for somebody else, or against the constraints", async () => {
    const { probe, host } = bench;
    const body = { component_ref: "R", component_id: "a", constraints: { zone: "moon" } };
    host.faults.add({ kind: "wrongAuctionBid", count: 1 });
    const foreign = (await probe.request("component.auction", body)) as { response: { host_id: string } };
    expect(foreign.response.host_id).toMatch(/^N[A-Z2-7]{55}$/);
    expect(foreign.response.host_id).not.toBe(host.id);
    host.faults.add({ kind: "wrongAuctionBid", form: "ineligible", count: 1 });
    expect(await probe.request("component.auction", body)).toMatchObject({ response: { host_id: host.id } });
  });
});

describe("the fault box", () => {
  it("refuses unknown kinds and clears by kind", () => {
    const box = createHostFaults();
    expect(() => box.add({ kind: "nonsense" } as never)).toThrow("no such fault");
    box.add({ kind: "silent", on: "host.get" });
    box.add({ kind: "garbageReply" });
    box.clear("silent");
    expect(box.list()).toEqual([{ kind: "garbageReply" }]);
    expect(box.take("silent", "host.get")).toBeUndefined();
    box.clear();
    expect(box.list()).toEqual([]);
  });
});
