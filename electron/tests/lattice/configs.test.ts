import { connect } from "nats";
import { afterEach, describe, expect, it, vi } from "vitest";
import { latticeMessages } from "../../../recordings/recordings.ts";
import { longestName } from "../../../shared/lattice/schema.ts";
import { ConsoleUnderTest, type ConsoleUnderTestOptions } from "../../testing/console-files.ts";

let here: ConsoleUnderTest;
const start = async (options?: ConsoleUnderTestOptions) => {
  here = await ConsoleUnderTest.start(options);
  await here.follow();
};
const stored = () => here.playground.simulated[0]?.state.configs;

afterEach(() => here.close());

describe("a config", () => {
  it("is put as a whole, verified, read, and deleted", async () => {
    await start();
    const values = { LOG_LEVEL: "debug", EMPTY: "" };
    const activity = await here.settles("lattice.configs.put", { name: "team/new", values }, "verified");
    expect(activity.title).toBe("Put config team/new (2 keys)");
    expect(await here.output("lattice.configs.get", { name: "team/new" })).toMatchObject({
      values,
      secret: false,
    });
    await here.settles("lattice.configs.delete", { name: "team/new" }, "verified");
    expect(await here.failure("lattice.configs.get", { name: "team/new" })).toMatchObject({
      code: "not_found",
    });
  });

  it("is compared key by key before it is put, with who uses it", async () => {
    await start();
    const host = here.host("1.9.2");
    await here.settles(
      "lattice.components.start",
      { hostId: host.id, componentId: "reader", imageReference: "x:1", config: ["redis-cluster"] },
      "verified",
    );
    const preview = await here.output("lattice.configs.preview-put", {
      name: "redis-cluster",
      values: { pool: "4" },
    });
    expect(preview.entries).toEqual([
      { key: "pool", after: "4", effect: "added" },
      { key: "url", now: "redis://redis.shop.example.test:6379", effect: "removed" },
    ]);
    expect(preview.usage.links.map(({ link, side }) => [link.sourceId, side])).toEqual(
      expect.arrayContaining([
        ["cart", "target"],
        ["catalog", "target"],
      ]),
    );
    expect(preview.usage.workloads).toEqual([
      { kind: "component", id: "reader", hostId: host.id, hostName: host.friendlyName, running: true },
    ]);
    expect(preview.warnings).toHaveLength(2);
    expect(stored()?.get("redis-cluster")).toHaveProperty("url");
  });

  it("may be used by what was started or linked with it, where the outcome is open", async () => {
    await start();
    const host = here.host("1.9.2");
    await here.settles("lattice.configs.put", { name: "maybe", values: { A: "1" } }, "verified");
    const faulty = here.playground.hosts;
    for (const each of faulty) each.faults.add({ kind: "silent", on: "component.scale" });
    for (const each of faulty) each.faults.add({ kind: "silent", on: "link.put" });
    await here.leftBehind("lattice.components.start", {
      hostId: host.id,
      componentId: "reader",
      imageReference: "x:1",
      config: ["maybe"],
    });
    await here.leftBehind("lattice.links.put", {
      ...{ sourceId: "reader", target: "redis", witNamespace: "wasi", witPackage: "keyvalue" },
      ...{ interfaces: ["store"], targetConfig: ["maybe"] },
    });
    const usage = await here.output("lattice.configs.usage", { name: "maybe" });
    expect(usage.workloads).toMatchObject([{ id: "reader", possible: true, running: false }]);
    expect(usage.links).toMatchObject([{ link: { target: "redis" }, side: "target", possible: true }]);
    const preview = await here.output("lattice.configs.preview-put", { name: "maybe", values: {} });
    expect(preview.warnings.join()).toMatch(/may be in use, by commands whose outcome is open/);
  });

  it("whose put gets no reply is settled by its event", async () => {
    await start();
    for (const host of here.playground.hosts)
      host.faults.add({ kind: "silent", on: "config.put", execute: true });
    const { failure, activity } = await here.leftBehind("lattice.configs.put", { name: "a", values: {} });
    expect(failure.code).toBe("timeout");
    await here.reaches(activity.id, "verified");
  });

  it("that was changed elsewhere since it was compared is not put", async () => {
    await start();
    const input = { name: "redis-cluster", values: { url: "redis://new.example.test:6379" } };
    const { basis } = await here.output("lattice.configs.preview-put", input);
    await here.settles("lattice.configs.put", { ...input, values: { url: "theirs" } }, "verified");
    const { failure, activity } = await here.leftBehind("lattice.configs.put", { ...input, basis });
    expect(failure).toMatchObject({ code: "conflict", message: expect.stringMatching(/changed elsewhere/) });
    expect(activity.request).toBeUndefined();
    expect(stored()?.get("redis-cluster")).toEqual({ url: "theirs" });
    const again = await here.output("lattice.configs.preview-put", input);
    await here.settles("lattice.configs.put", { ...input, basis: again.basis }, "verified");
  });

  it.each([
    [{ name: "a.b" }, "name"],
    [{ name: "" }, "name"],
    [{ values: { A: 1 } }, "values.A"],
  ])("with %j is refused before anything is recorded", async (wrong, path) => {
    await start();
    const failure = await here.failure("lattice.configs.put", { name: "a", values: {}, ...wrong });
    expect(failure).toMatchObject({ code: "invalid_input", details: { fields: [{ path }] } });
    expect(await here.output("activity.list")).toEqual([]);
  });
});

describe("a config with a long name", () => {
  const recordedName = latticeMessages("1.9.2")
    .flatMap((message) => (message.kind === "reply" && message.to.includes(".config.put.") ? [message] : []))
    .filter(({ body }) => (body as { success: boolean }).success)
    .map(({ to }) => to.split(".config.put.")[1] ?? "")
    .sort((a, b) => b.length - a.length)[0] as string;

  it("such as real hosts store can be put, read and deleted", async () => {
    await start();
    expect(recordedName).toHaveLength(513);
    const config = { name: recordedName, values: { a: "b" } };
    await here.settles("lattice.configs.put", config, "verified");
    expect(await here.output("lattice.configs.get", { name: recordedName })).toMatchObject(config);
    await here.settles("lattice.configs.delete", { name: recordedName }, "verified");
  });

  it("is refused where NATS would cut off whoever names it", async () => {
    await start();
    const name = "x".repeat(longestName + 1);
    const failure = await here.failure("lattice.configs.get", { name });
    expect(failure).toMatchObject({ code: "invalid_input", details: { fields: [{ path: "name" }] } });
    const longest = { name: "x".repeat(longestName) };
    expect(await here.failure("lattice.configs.get", longest)).toMatchObject({ code: "not_found" });
  });
});

describe("a secret reference", () => {
  it("is stored, and its values are neither shown nor recorded anywhere", async () => {
    await start();
    const input = { name: "SECRET_db", values: { key: "hunter2" } };
    const activity = await here.settles("lattice.configs.put", input, "verified");
    expect(stored()?.get("SECRET_db")).toEqual({ key: "hunter2" });
    const shown = [
      activity,
      await here.output("activity.get", { activityId: activity.id }),
      await here.output("lattice.configs.get", { name: "SECRET_db" }),
      await here.output("lattice.configs.preview-put", input),
    ];
    expect(JSON.stringify(shown)).not.toContain("hunter2");
    expect(shown[2]).toMatchObject({ secret: true, values: { key: "(secret)" } });
  });
});

describe("a config with credentials among its values", () => {
  const values = { url: "postgres://ada:hunter2@db/app", DB_PASSWORD: "hunter2", level: "debug" };

  it("is stored as given, and only what looks like a credential is not recorded", async () => {
    await start();
    const activity = await here.settles("lattice.configs.put", { name: "db", values }, "verified");
    expect(stored()?.get("db")).toEqual(values);
    const masked = { url: "(secret)", DB_PASSWORD: "(secret)", level: "debug" };
    expect(activity).toMatchObject({ input: { values: masked }, request: { payload: masked } });
    const kept = [activity, await here.output("activity.get", { activityId: activity.id })];
    expect(JSON.stringify(kept)).not.toContain("hunter2");
  });

  it("is judged later by the values that were kept, and says which were not", async () => {
    await start();
    for (const host of here.playground.hosts) host.faults.add({ kind: "silent", on: "config.put" });
    const { activity } = await here.leftBehind("lattice.configs.put", { name: "db", values });
    await here.reaches(activity.id, "unknown");
    stored()?.set("db", values);
    await here.restart();
    await here.follow();
    const settled = await here.output("activity.reconcile", { activityId: activity.id });
    expect(settled).toMatchObject({
      state: "unknown",
      message: expect.stringMatching(/all other values.*of DB_PASSWORD, url were not kept/),
    });
  });
});

describe("the list of configs", () => {
  it("comes from the bucket, without those that were purged", async () => {
    await start({ playground: { nats: { jetStream: true } } });
    const nats = await connect({ servers: here.playground.natsUrl, token: here.playground.natsToken });
    const bucket = await nats.jetstream().views.kv("CONFIGDATA_default");
    for (const name of ["b", "SECRET_a", "gone"]) await bucket.put(name, "{}");
    await bucket.purge("gone");
    await nats.close();
    expect(await here.output("lattice.configs.list")).toMatchObject({
      complete: true,
      source: "bucket",
      configs: [
        { name: "SECRET_a", secret: true },
        { name: "b", secret: false },
      ],
    });
  });

  it("of an empty bucket is empty and complete", async () => {
    await start({ playground: { nats: { jetStream: true } } });
    const nats = await connect({ servers: here.playground.natsUrl, token: here.playground.natsToken });
    await nats.jetstream().views.kv("CONFIGDATA_default");
    await nats.close();
    expect(await here.output("lattice.configs.list")).toMatchObject({ complete: true, configs: [] });
  });

  it.each([
    [false, "unreachable"],
    [true, "not_found"],
  ])(
    "where JetStream is %s and no bucket there, names what links name and says why",
    async (jetStream, code) => {
      await start({ playground: { nats: { jetStream } } });
      const list = await here.output("lattice.configs.list");
      expect(list).toMatchObject({ complete: false, source: "known", problem: { code } });
      expect(list.configs.map(({ name }) => name)).toEqual(["http-listener", "payments-eu", "redis-cluster"]);
    },
  );

  it("without the bucket also names what was stored from here or elsewhere, until it is deleted", async () => {
    await start();
    const names = async () => (await here.output("lattice.configs.list")).configs.map(({ name }) => name);
    await here.settles("lattice.configs.put", { name: "ours", values: {} }, "verified");
    await here.host("1.9.2").execute("config.put", { A: "1" }, "theirs");
    await vi.waitFor(async () => expect(await names()).toEqual(expect.arrayContaining(["ours", "theirs"])));
    await here.settles("lattice.configs.delete", { name: "ours" }, "verified");
    await vi.waitFor(async () => expect(await names()).not.toContain("ours"));
  });

  it("for an account that may not read the bucket says so", async () => {
    const users = `authorization { users: [
      { user: host, password: h }
      { user: operator, password: o, permissions: { publish: { deny: ["$JS.>"] } } }
    ] }`;
    await start({
      playground: {
        nats: { jetStream: true, extraConfiguration: users },
        connection: { user: "host", pass: "h" },
      },
      target: { authentication: { method: "password", user: "operator" } },
      secrets: { password: "o" },
    });
    const list = await here.output("lattice.configs.list");
    expect(list).toMatchObject({ complete: false, problem: { code: "forbidden" } });
  });
});
