import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedHost } from "../../../playground/lattice/lattice-host.ts";
import type { TopicMessage } from "../../../shared/contract/index.ts";
import type { AuctionResult } from "../../../shared/lattice/auction-operations.ts";
import { ConsoleUnderTest } from "../../testing/console-files.ts";

let here: ConsoleUnderTest;
const imageReference = "registry.example.test/shop/newcomer:1.0.0";

beforeEach(async () => {
  here = await ConsoleUnderTest.start();
  await here.follow();
});
afterEach(() => here.close());

const component = (more: object = {}) =>
  here.output("lattice.auctions.component", { imageReference, componentId: "newcomer", ...more });
const provider = (more: object = {}) =>
  here.output("lattice.auctions.provider", { imageReference, providerId: "newcomer", ...more });
const of = (result: AuctionResult, host: SimulatedHost) =>
  result.hosts.find(({ hostId }) => hostId === host.id);

describe("an auction", () => {
  it("tells bidders from a silent host, a wrong bid and one whose label differs", async () => {
    const [silent, wrong, excluded] = [here.host("1.5.1"), here.host("1.9.1"), here.host("1.8.0")];
    for (const host of here.playground.hosts)
      await host.execute("label.put", { key: "disk", value: host === excluded ? "hdd" : "ssd" });
    silent.faults.add({ kind: "silent", on: "component.auction" });
    wrong.faults.add({ kind: "wrongAuctionBid", form: "foreignHost" });
    const result = await component({ constraints: { disk: "ssd" } });

    expect(of(result, here.host("1.9.2"))).toMatchObject({ outcome: "bid", eligible: true });
    expect(of(result, here.host("1.0.4"))).toMatchObject({ outcome: "bid", eligible: true });
    expect(of(result, silent)).toMatchObject({ outcome: "silent", eligible: false });
    expect(of(result, silent)?.message).toMatch(/answers, but did not bid.*switched off/);
    expect(of(result, excluded)).toMatchObject({
      outcome: "label-differs",
      message: "Disk is hdd, not ssd.",
      differences: [{ key: "disk", wanted: "ssd", found: "hdd" }],
    });
    const foreign = result.hosts.filter(({ outcome }) => outcome === "wrong-bid");
    expect(foreign).toMatchObject([{ status: "unknown", eligible: false }]);
    expect(result.hosts.map(({ eligible }) => eligible).slice(0, 2)).toEqual([true, true]);
  });

  it("does not trust a bid of a host whose labels do not fit", async () => {
    const wrong = here.host("1.9.2");
    wrong.faults.add({ kind: "wrongAuctionBid", form: "ineligible" });
    const result = await component({ constraints: { zone: "nowhere" } });
    expect(of(result, wrong)).toMatchObject({ outcome: "wrong-bid", eligible: false });
    expect(result.notes).toContain("No host is eligible.");
  });

  it("knows that hosts from 1.3 on bid although the component runs there, and older ones do not", async () => {
    for (const host of [here.host("1.0.4"), here.host("1.9.2")]) {
      const body = { component_id: "newcomer", component_ref: imageReference, count: 1, host_id: host.id };
      await host.execute("component.scale", body);
    }
    const result = await component();
    const old = of(result, here.host("1.0.4"));
    expect(old).toMatchObject({ outcome: "already-runs", eligible: false });
    expect(old?.answeredAfterMs).toBeUndefined();
    const recent = of(result, here.host("1.9.2"));
    expect(recent).toMatchObject({ outcome: "already-runs", eligible: false });
    expect(recent?.answeredAfterMs).toBeDefined();
    expect(recent?.message).toMatch(/1\.3\.0 to 1\.9\.2/);
  });

  it("passes over a host that runs the provider already", async () => {
    const host = here.host("1.9.2");
    const body = { provider_id: "newcomer", provider_ref: imageReference, host_id: host.id };
    await host.execute("provider.start", body);
    const result = await provider();
    expect(of(result, host)).toMatchObject({ outcome: "already-runs", eligible: false });
    expect(result.hosts.filter(({ eligible }) => eligible)).toHaveLength(4);
  });

  it("orders eligible hosts by load", async () => {
    const loads = (await component()).hosts
      .filter(({ eligible }) => eligible)
      .map(({ load }) => load.instances);
    expect(loads).toHaveLength(5);
    expect(loads).toEqual([...loads].sort((a, b) => a - b));
  });

  it("that is simulated sends nothing and comes to the same judgement", async () => {
    for (const host of here.playground.hosts) host.faults.add({ kind: "silent", on: "component.auction" });
    const result = await component({ constraints: { zone: "eu-1" }, simulate: true });
    expect(result.simulated).toBe(true);
    for (const host of here.playground.hosts) {
      const fits = host.context.state.labels.get("zone") === "eu-1";
      expect(of(result, host)?.outcome).toBe(fits ? "bid" : "label-differs");
    }
  });

  it("tells each answer while the window is open, and forgets them when it is over", async () => {
    here.host("1.8.0").faults.add({ kind: "slowReply", on: "component.auction", milliseconds: 250 });
    const heard: TopicMessage[] = [];
    const leave = here.running.hub.subscribe("lattice.auctions:here", (message) => heard.push(message));
    const rows = () => heard.flatMap((message) => (message.kind === "delta" ? message.upsert : []));
    const result = component({ auctionId: "first", constraints: { env: "production" } });
    await vi.waitFor(() => expect(rows()).toHaveLength(5));
    expect(rows()[0]).toMatchObject({ auctionId: "first", outcome: "bid", eligible: true });
    expect(rows().at(-1)).toMatchObject({ hostId: here.host("1.8.0").id });

    expect((await result).hosts.filter(({ eligible }) => eligible)).toHaveLength(5);
    await vi.waitFor(() => {
      const last = heard.at(-1);
      expect(last?.kind === "delta" && last.remove).toHaveLength(5);
    });
    await component();
    expect(rows()).toHaveLength(5);
    leave();
  });

  it("without any host that takes part ends at once and says so", async () => {
    for (const host of here.playground.hosts) await host.stop();
    const result = await component();
    expect(result.tookMs).toBeLessThan(result.windowMs);
    expect(result.notes[0]).toMatch(/No host of this lattice/);
  });

  it("changes nothing: no activity is recorded, also on a read-only connection", async () => {
    await here.follow("read-only");
    expect((await component()).hosts.length).toBeGreaterThan(0);
    expect(await here.output("activity.list")).toEqual([]);
  });
});
