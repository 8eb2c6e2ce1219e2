import { describe, expect, it } from "vitest";
import type { HostOptions } from "../host/host-settings.ts";
import type { TestBench } from "../testing/wire-probe.ts";
import { startTestBench } from "../testing/wire-probe.ts";

interface Observation {
  firstStart: number;
  repeated: number;
  absentToZero: number;
  failedScale: string[];
  labelText: string;
  auctionId: string;
  bidsThoughRunning: boolean;
  secondLink: boolean;
  badLinkEvents: string[];
  limits: boolean;
  eventHost: string;
  stopWithoutImage: boolean;
  disabledBuiltin: string;
  startedId: boolean;
  controlUrl: string;
  emptyStop: boolean;
}

const link = { source_id: "s", wit_namespace: "wasi", wit_package: "http", interfaces: ["i"] };

async function observeScaling({ probe, host, lattice }: TestBench): Promise<Partial<Observation>> {
  const scale = async (body: object): Promise<string[]> => {
    const { after } = await probe.exchange(`component.scale.${host.id}`, { component_ref: "R", ...body });
    return after.map((event) => event.type);
  };
  const firstStart = (await scale({ component_id: "a", count: 2, host_id: host.id })).length;
  const started = probe.ofType("component_scaled").at(-1);
  const repeated = (await scale({ component_id: "a", count: 2, host_id: host.id })).length;
  const absentToZero = (await scale({ component_id: "none", count: 0 })).length;
  const failedScale = await scale({ component_id: "f", component_ref: "missing", count: 1 });
  const resized = await probe.exchange(`component.scale.${host.id}`, {
    component_id: "a",
    component_ref: "R",
    count: 3,
  });
  const inventory = (await probe.request(`host.get.${host.id}`)) as { response: { components: object[] } };
  const limits = "limits" in (inventory.response.components[0] ?? {});
  lattice.images.set("R", { error: "not found" });
  await scale({ component_id: "a", count: 0 });
  const stopWithoutImage = !host.context.state.components.has("a");
  lattice.images.reset();
  expect(started?.data.host_id).toBe(host.id);
  const eventHost = resized.after[0]?.data.host_id === "" ? "body" : "subject";
  return { firstStart, repeated, absentToZero, failedScale, limits, stopWithoutImage, eventHost };
}

async function observeAuction({ probe, host }: TestBench): Promise<Partial<Observation>> {
  const body = { component_ref: "R", component_id: "b", constraints: {} };
  const { reply } = await probe.exchange("component.auction", body);
  const auctionId = (reply as { response: { component_id: string } }).response.component_id;
  await probe.exchange(`component.scale.${host.id}`, { component_id: "b", component_ref: "R", count: 1 });
  const again = await probe.exchange("component.auction", body, () => probe.fence());
  return { auctionId, bidsThoughRunning: again.replies.length > 0 };
}

async function observeLinks({ probe }: TestBench): Promise<Partial<Observation>> {
  await probe.request("link.put", { ...link, target: "t1" });
  const second = (await probe.request("link.put", { ...link, target: "t2" })) as { success: boolean };
  const bad = await probe.exchange("link.put", { ...link, target: "t1", source_config: ["nope"] });
  return { secondLink: second.success, badLinkEvents: bad.before.map((event) => event.type) };
}

async function observeBuiltin({ probe, host }: TestBench): Promise<string> {
  const body = { provider_id: "builtin", provider_ref: "wasmcloud+builtin://http-server" };
  const { replies, after } = await probe.exchange(`provider.start.${host.id}`, body, () => probe.fence());
  if (replies.length === 0) return "silent";
  return String(after[0]?.data.error);
}

async function observe(version: string): Promise<Observation> {
  const options: HostOptions = { version, rpcUrl: "nats://rpc.example.test:4222" };
  const bench = await startTestBench(options);
  const { probe, host } = bench;
  try {
    const scaling = await observeScaling(bench);
    const auction = await observeAuction(bench);
    const links = await observeLinks(bench);
    const label = (await probe.request(`label.put.${host.id}`, { key: "k", value: "v" })) as {
      message: string;
    };
    const ping = (await probe.request("host.ping")) as { response: { ctl_host: string } };
    const disabledBuiltin = await observeBuiltin(bench);
    const stop = (await probe.request(`host.stop.${host.id}`)) as { success: boolean };
    return {
      ...scaling,
      ...auction,
      ...links,
      labelText: label.message,
      disabledBuiltin,
      startedId: probe.ofType("host_started")[0]?.data.id === host.id,
      controlUrl: ping.response.ctl_host === bench.server.url ? "control" : "rpc",
      emptyStop: stop.success,
    } as Observation;
  } finally {
    await bench.close();
  }
}

const parseFailure =
  "failed to fetch provider: failed to fetch provider under OCI reference `wasmcloud+builtin://http-server`: failed to fetch OCI path: invalid reference format";
const featureFailure = "feature `builtin-http-server` is not enabled, denying start";

const oldest: Observation = {
  firstStart: 1,
  repeated: 0,
  absentToZero: 0,
  failedScale: [],
  labelText: "",
  auctionId: "b",
  bidsThoughRunning: false,
  secondLink: true,
  badLinkEvents: [],
  limits: false,
  eventHost: "subject",
  stopWithoutImage: false,
  disabledBuiltin: parseFailure,
  startedId: false,
  controlUrl: "control",
  emptyStop: false,
};
const at110 = { ...oldest, emptyStop: true };
const at111 = {
  ...at110,
  firstStart: 2,
  repeated: 1,
  absentToZero: 1,
  failedScale: ["component_scale_failed"],
};
const at120 = { ...at111, badLinkEvents: ["linkdef_set_failed"] };
const at130 = {
  ...at120,
  labelText: "successfully put label",
  auctionId: "R",
  bidsThoughRunning: true,
  secondLink: false,
};
const at150 = { ...at130, disabledBuiltin: featureFailure };
const at151 = { ...at150, stopWithoutImage: true };
const at160 = { ...at151, eventHost: "body" };
const at180 = { ...at160, disabledBuiltin: "silent" };
const at190 = { ...at180, limits: true, startedId: true, controlUrl: "rpc" };
const at192 = { ...at190, startedId: false, controlUrl: "control" };

describe("hosts of different versions on the wire (wasmcloud-control Appendix A)", () => {
  it.each<[string, Observation]>([
    ["1.0.4", oldest],
    ["1.1.0", at110],
    ["1.1.1", at111],
    ["1.2.1", at120],
    ["1.3.0", at130],
    ["1.5.0", at150],
    ["1.5.1", at151],
    ["1.6.0", at160],
    ["1.8.0", at180],
    ["1.9.1", at190],
    ["1.9.2", at192],
  ])("%s", async (version, expected) => {
    expect(await observe(version)).toEqual(expected);
  });

  it("1.0.0 adds a needless zero to every resize", async () => {
    const bench = await startTestBench({ version: "1.0.0" });
    try {
      const subject = `component.scale.${bench.host.id}`;
      await bench.probe.exchange(subject, { component_id: "a", component_ref: "R", count: 2 });
      const { after } = await bench.probe.exchange(subject, {
        component_id: "a",
        component_ref: "R",
        count: 5,
      });
      expect(after.map((event) => event.data.max_instances)).toEqual([5, 0]);
    } finally {
      await bench.close();
    }
  });
});
