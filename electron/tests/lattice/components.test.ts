import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedHost } from "../../../playground/lattice/lattice-host.ts";
import { type LatticeMessage, latticeMessages } from "../../../recordings/recordings.ts";
import { ConsoleUnderTest } from "../../testing/console-files.ts";

let here: ConsoleUnderTest;
let host: SimulatedHost;

beforeEach(async () => {
  here = await ConsoleUnderTest.start({
    waits: { coldMs: 700, warmMs: 900, lookMs: 200 },
    playground: { heartbeatMilliseconds: 2_000 },
  });
  await here.follow();
  host = here.host("1.9.2");
});
afterEach(() => here.close());

/** A component that runs on the host, as the console lists it. */
async function someComponent() {
  const row = (await here.output("lattice.components.list")).find(({ hostId }) => hostId === host.id);
  if (!row) throw new Error("nothing runs there");
  return { row, place: { hostId: host.id, componentId: row.id } };
}

describe("a start", () => {
  const params = () => ({
    hostId: host.id,
    componentId: "newcomer",
    imageReference: "registry.example.test/shop/newcomer:1.0.0",
    maxInstances: 3,
    annotations: { team: "checkout" },
    limits: { max_memory_limit: "1048576" },
  });

  it("is verified, with annotations, limits and configs as given", async () => {
    await host.execute("config.put", { A: "1" }, "newcomer-defaults");
    const config = ["newcomer-defaults"];
    const activity = await here.settles("lattice.components.start", { ...params(), config }, "verified");
    expect(activity.title).toBe("Start newcomer from shop/newcomer:1.0.0 (max 3)");
    expect(activity.request?.payload).toMatchObject({ count: 3, config, host_id: host.id });
    expect(host.context.state.components.get("newcomer")).toMatchObject({
      reference: params().imageReference,
      annotations: { team: "checkout" },
      limits: { max_memory_limit: "1048576" },
      configNames: config,
    });
    const preview = await here.output("lattice.components.preview-scale", {
      hostId: host.id,
      componentId: "newcomer",
      maxInstances: 4,
    });
    expect(preview.fields.find(({ field }) => field === "config")).toMatchObject({ knownFrom: "history" });
  });

  it("is sent although the first readings of the host are late", async () => {
    host.faults.add({ kind: "silent", on: "host.get", count: 2 });
    await here.settles("lattice.components.start", params(), "verified");
  });

  it("of what runs there already is refused before anything is sent", async () => {
    const { place, row } = await someComponent();
    const { failure, activity } = await here.leftBehind("lattice.components.start", {
      ...place,
      imageReference: "x:1",
    });
    expect(failure).toMatchObject({ code: "conflict", hint: expect.stringMatching(/[Ss]cale/) });
    expect(activity.steps.map(({ state }) => state)).toEqual(["recorded", "failed"]);
    expect(host.context.state.components.get(row.id)?.reference).toBe(row.imageReference);
  });

  it("of an image that cannot be fetched fails with the host's reason", async () => {
    const failing = { ...params(), imageReference: "registry.example.test/missing:1" };
    const activity = await here.settles("lattice.components.start", failing, "failed");
    expect(activity.message).toMatch(/failed to fetch component/);
  });

  it("on an old host that never reports a failure is read, and stays unknown with a next step (trap 24)", async () => {
    const old = here.host("1.0.4");
    const failing = { ...params(), hostId: old.id, imageReference: "registry.example.test/missing:1" };
    const { id, message } = await here.settles("lattice.components.start", failing, "unknown");
    expect(message).toMatch(/does not run\. .* 1\.0\.4 announces hardly any failure: look into its log/);
    expect(await here.output("activity.reconcile", { activityId: id })).toMatchObject({ state: "unknown" });
  });

  it("on an old host is verified by a reading where no event tells", async () => {
    const old = here.host("1.0.4");
    old.faults.add({ kind: "dropEvents", on: "component_scaled" });
    const activity = await here.settles(
      "lattice.components.start",
      { ...params(), hostId: old.id, limits: undefined },
      "verified",
    );
    expect(activity.evidence.map(({ kind }) => kind)).toEqual(["reply", "inventory", "inventory"]);
  });

  it("whose configs an old host may have changed without a word are known as either list", async () => {
    const old = here.host("1.0.4");
    for (const name of ["c1", "c2"]) await old.execute("config.put", { A: "1" }, name);
    const place = { hostId: old.id, componentId: "newcomer" };
    const { limits: _limits, ...start } = params();
    await here.settles("lattice.components.start", { ...start, ...place, config: ["c1"] }, "verified");
    const scale = { ...place, maxInstances: 3, config: ["c1", "c2"] };
    const { id } = (await here.output("lattice.components.scale", scale)) as { id: string };
    const ofNext = () => here.output("lattice.components.preview-scale", { ...place, maxInstances: 4 });
    const config = async () => (await ofNext()).fields.find(({ field }) => field === "config");
    expect(await config()).toMatchObject({ now: "c1 or c1, c2", effect: "may-be-lost" });
    expect(old.context.state.components.get("newcomer")?.configNames).toEqual(["c1", "c2"]);
    await here.reaches(id, "unknown");
    await here.settles("lattice.components.scale", { ...scale, maxInstances: 5 }, "verified");
    expect(await config()).toMatchObject({ now: "c1, c2", knownFrom: "history", effect: "same" });
  });

  it.each([
    [{ maxInstances: 0 }, "maxInstances"],
    [{ config: ["a.b"] }, "config.0"],
    [{ limits: { max_memory_limit: "12 MB" } }, "limits.max_memory_limit"],
    [{ imageReference: " " }, "imageReference"],
  ])("with %j is refused before anything is recorded", async (wrong, path) => {
    const failure = await here.failure("lattice.components.start", { ...params(), ...wrong });
    expect(failure).toMatchObject({ code: "invalid_input", details: { fields: [{ path }] } });
    expect(await here.output("activity.list")).toEqual([]);
  });
});

describe("a change of configs alone on a host of 1.0.0", () => {
  let old: ConsoleUnderTest;

  beforeEach(async () => {
    const waits = { coldMs: 700, warmMs: 900, lookMs: 200 };
    old = await ConsoleUnderTest.start({ waits, playground: { versions: ["1.0.0"], hosts: 2 } });
    await old.follow();
  });
  afterEach(() => old.close());

  it("is confirmed by its zero and a reading, and the configs are known from then on", async () => {
    const { id: hostId, context } = old.host("1.0.0");
    for (const name of ["c1", "c2"]) await old.host("1.0.0").execute("config.put", { A: "1" }, name);
    const place = { hostId, componentId: "newcomer" };
    const start = { ...place, imageReference: "shop/newcomer:1", maxInstances: 3, config: ["c1"] };
    await old.settles("lattice.components.start", start, "verified");
    const scale = { ...place, maxInstances: 3, config: ["c1", "c2"] };
    const { id } = await old.settles("lattice.components.scale", scale, "confirmed");
    expect(context.state.components.get("newcomer")?.configNames).toEqual(["c1", "c2"]);
    await vi.waitFor(async () =>
      expect((await old.activity(id)).message).toMatch(/on 1\.0\.0 the configs were taken\. They cannot/),
    );
    const next = await old.output("lattice.components.preview-scale", { ...place, maxInstances: 4 });
    expect(next.fields.find(({ field }) => field === "config")).toMatchObject({
      now: "c1, c2",
      knownFrom: "history",
    });
    const same = await old.settles("lattice.components.scale", scale, "unknown");
    expect(same.message).toMatch(/which configs it uses cannot be read/);
  });
});

describe("an update", () => {
  const newImage = "registry.example.test/shop/other:9.0.0";

  it("is confirmed although the last event says zero, keeps count and annotations, and proves no new code", async () => {
    const { row, place } = await someComponent();
    const activity = await here.settles(
      "lattice.components.update",
      { ...place, imageReference: newImage },
      "confirmed",
    );
    await vi.waitFor(async () => {
      const { message } = await here.activity(activity.id);
      expect(message).toMatch(/Which code answers cannot be read/);
    });
    expect(activity.title).toBe(`Update ${row.id} to shop/other:9.0.0`);
    const after = (await here.output("lattice.components.list")).find(
      ({ hostId, id }) => hostId === row.hostId && id === row.id,
    );
    expect(after).toMatchObject({
      imageReference: newImage,
      maxInstances: row.maxInstances,
      annotations: row.annotations,
    });
    const confirmed = activity.evidence.find(({ kind }) => kind === "event");
    expect(confirmed?.data).toMatchObject({ data: { max_instances: row.maxInstances } });
  });

  it("leaves old code answering, which its later stop says before and after", async () => {
    const { place } = await someComponent();
    await here.settles("lattice.components.update", { ...place, imageReference: newImage }, "confirmed");
    const stop = { ...place, maxInstances: 0 };
    const preview = await here.output("lattice.components.preview-scale", stop);
    expect(preview.updatedAt).toBeDefined();
    expect(preview.warnings.join()).toMatch(
      /code from before that may go on answering until the host is restarted/,
    );
    const { id } = await here.settles("lattice.components.scale", stop, "confirmed");
    await vi.waitFor(async () => expect((await here.activity(id)).message).toMatch(/may go on answering/));
    await here.restart();
    await here.follow();
    const again = await here.output("lattice.components.preview-scale", stop);
    expect(again.updatedAt).toBe(preview.updatedAt);
  });

  it("by somebody else leaves old code answering too, also after a restart of the console", async () => {
    const { row, place } = await someComponent();
    const body = { component_id: row.id, new_component_ref: newImage, host_id: host.id };
    await host.execute("component.update", body);
    const stop = { ...place, maxInstances: 0 };
    const ofStop = () => here.output("lattice.components.preview-scale", stop);
    await vi.waitFor(async () => expect(await ofStop()).toMatchObject({ updateOrigin: "seen" }));
    const warning = /seems to have been updated at .* by somebody else .* may go on answering/;
    expect((await ofStop()).warnings.join()).toMatch(warning);
    const restart = await here.output("lattice.components.preview-restart", place);
    expect(restart.warnings.join()).toMatch(warning);
    expect(await here.output("lattice.components.updated")).toMatchObject([
      { componentId: row.id, updateOrigin: "seen" },
    ]);
    await here.restart();
    await here.follow();
    expect(await ofStop()).toMatchObject({ updateOrigin: "seen" });
    const { id } = await here.settles("lattice.components.scale", stop, "confirmed");
    await vi.waitFor(async () => expect((await here.activity(id)).message).toMatch(warning));
  });

  it("may have been made while the console was away: its image is another one than was heard last", async () => {
    const { row, place } = await someComponent();
    await vi.waitFor(async () => {
      const { rows } = await here.output("events.search", { filter: "type:host_heartbeat" });
      expect(rows.map(({ source }) => source)).toContain(host.id);
    });
    await here.output("connections.close");
    const body = { component_id: row.id, new_component_ref: newImage, host_id: host.id };
    await host.execute("component.update", body);
    await vi.waitFor(() => expect(host.context.state.components.get(row.id)?.reference).toBe(newImage));
    await here.restart();
    await here.follow();
    await vi.waitFor(async () =>
      expect(await here.output("lattice.components.updated")).toMatchObject([
        { componentId: row.id, hostId: host.id, updateOrigin: "image-changed" },
      ]),
    );
    const preview = await here.output("lattice.components.preview-scale", { ...place, maxInstances: 0 });
    expect(preview.warnings.join()).toMatch(
      /image was changed before .* while the console was not connected: if that was an update, .* may go on/,
    );
  });

  it("whose outcome is open warns before a scale, a stop, and a stop and start", async () => {
    const { place } = await someComponent();
    host.faults.add({ kind: "silent", on: "component.update" });
    const { activity } = await here.leftBehind("lattice.components.update", {
      ...place,
      imageReference: newImage,
    });
    expect(activity.state).toBe("unknown");
    const previews = [
      await here.output("lattice.components.preview-scale", { ...place, maxInstances: 0 }),
      await here.output("lattice.components.preview-scale", { ...place, maxInstances: 99 }),
      await here.output("lattice.components.preview-restart", place),
    ];
    for (const { warnings, updateOrigin } of previews) {
      expect(updateOrigin).toBe("open");
      expect(warnings.join()).toMatch(/has no outcome yet\. .* undoes a scale or a stop/);
      expect(warnings.join()).toMatch(/if it takes effect, .* may go on answering/);
    }
  });

  it("that fails silently is found out by reading the inventory when the wait is over", async () => {
    const { row, place } = await someComponent();
    const imageReference = "registry.example.test/missing:2";
    const activity = await here.settles("lattice.components.update", { ...place, imageReference }, "failed");
    expect(activity.message).toContain(row.imageReference);
    expect(activity.message).toMatch(/do not announce why/);
    expect(activity.evidence.map(({ kind }) => kind)).toEqual(["reply", "inventory"]);
  });

  it("to the image that runs is done with the reply", async () => {
    const { row, place } = await someComponent();
    const params = { ...place, imageReference: row.imageReference };
    const activity = await here.settles("lattice.components.update", params, "verified");
    expect(activity.evidence.map(({ kind }) => kind)).toEqual(["reply", "inventory"]);
    expect(activity.evidence[0]?.summary).toMatch(/already updated/);
  });

  it("of what does not run there is refused before anything is sent", async () => {
    const params = { hostId: host.id, componentId: "nobody", imageReference: newImage };
    const { failure } = await here.leftBehind("lattice.components.update", params);
    expect(failure).toMatchObject({ code: "conflict", hint: expect.stringMatching(/[Ss]tart/) });
  });

  it("that gets no reply is settled by its event", async () => {
    const { place } = await someComponent();
    host.faults.add({ kind: "silent", on: "component.update", execute: true });
    const params = { ...place, imageReference: newImage };
    const { failure, activity } = await here.leftBehind("lattice.components.update", params);
    expect(failure.code).toBe("timeout");
    await here.reaches(activity.id, "confirmed");
  });

  it("is previewed with what it keeps and what it would lose", async () => {
    const { row, place } = await someComponent();
    const params = { ...place, imageReference: newImage };
    const kept = await here.output("lattice.components.preview-update", params);
    expect(kept.request).toMatchObject({ annotations: row.annotations, maxInstances: row.maxInstances });
    expect(kept.fields.find(({ field }) => field === "annotations")?.effect).toBe("same");
    await host.execute("component.update", {
      component_id: row.id,
      new_component_ref: "a:1",
      host_id: host.id,
      annotations: { team: "x", "wasmcloud.dev/managed-by": "wadm" },
    });
    const lost = await here.output("lattice.components.preview-update", { ...params, annotations: {} });
    expect(lost.fields.find(({ field }) => field === "annotations")?.effect).toBe("lost");
    expect(lost).toMatchObject({
      managedByWadm: true,
      warnings: [
        expect.stringMatching(/wadm/),
        expect.stringMatching(/old code goes on answering/),
        expect.anything(),
      ],
    });
  });
});

describe("a component whose id no tool would create", () => {
  const imageReference = "registry.example.test/shop/odd:1.0.0";
  const ids = [...new Set(latticeMessages("1.9.2").flatMap(runningId))].filter((id) => /[./=]/.test(id));

  it("is one of those that real hosts run", () => {
    expect(ids).toEqual(expect.arrayContaining(["dot.id", "sl/ash", "eq=ual"]));
  });

  it.each(["dot.id", "sl/ash", "eq=ual", "Up.per/9=_"])(
    "can be scaled and stopped where it runs: %s",
    async (componentId) => {
      const body = { component_id: componentId, component_ref: imageReference, count: 1, host_id: host.id };
      await host.execute("component.scale", body);
      await isListed(componentId);
      const place = { hostId: host.id, componentId };
      await here.settles("lattice.components.scale", { ...place, maxInstances: 2 }, "verified");
      await here.settles("lattice.components.scale", { ...place, maxInstances: 0 }, "verified");
      expect(host.context.state.components.has(componentId)).toBe(false);
    },
  );

  it("can be started on another host, and a new one cannot be made", async () => {
    const other = here.host("1.0.4");
    const start = { hostId: other.id, componentId: "dot.id", imageReference };
    const { failure } = await here.leftBehind("lattice.components.start", start);
    expect(failure).toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(/^componentId: /),
    });
    await host.execute("component.scale", {
      component_id: "dot.id",
      component_ref: imageReference,
      count: 1,
      host_id: host.id,
    });
    await isListed("dot.id");
    await here.settles("lattice.components.start", start, "verified");
  });
});

async function isListed(componentId: string): Promise<void> {
  await vi.waitFor(async () => {
    const rows = await here.output("lattice.components.list");
    expect(rows.map(({ id }) => id)).toContain(componentId);
  });
}

function runningId(message: LatticeMessage): string[] {
  if (message.kind !== "event" || !message.subject.endsWith(".component_scaled")) return [];
  return [(message.body as { data: { component_id: string } }).data.component_id];
}
