import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConsoleUnderTest } from "../../testing/console-files.ts";

let here: ConsoleUnderTest;

beforeEach(async () => {
  here = await ConsoleUnderTest.start();
  await here.follow();
});
afterEach(() => here.close());

it("claims tell signed components from providers, with issuer and tags", async () => {
  const { claims, note } = await here.output("lattice.claims.list");
  // Every provider archive is signed, components seldom are.
  expect(claims.map(({ kind, name }) => [kind, name])).toEqual([
    ["provider", "HTTP Server"],
    ["provider", "blobstore-fs"],
    ["provider", "keyvalue-redis"],
    ["provider", "messaging-nats"],
    ["component", "orders-api"],
    ["component", "payments"],
    ["provider", "price-stream"],
  ]);
  expect(claims.find(({ name }) => name === "orders-api")).toMatchObject({
    subject: expect.stringMatching(/^M/),
    issuer: expect.stringMatching(/^A/),
    tags: ["checkout", "public"],
    version: "2.3.1",
  });
  expect(note).toMatch(/expiry/);
});

describe("credentials of registries", () => {
  const registries = { "registry.example.test": { username: "robot", password: "s3cret-word" } };
  const held = () => here.playground.hosts.map(({ context }) => context.state.registries.size);

  it("are published without anybody being asked, which is said plainly", async () => {
    const activity = await here.settles("lattice.registries.put", { registries }, "unknown");
    expect(activity.title).toBe("Put credentials of registry.example.test");
    expect(activity.message).toMatch(/[Nn]othing tells whether it took effect/);
    expect(held()).toEqual([1, 1, 1, 1, 1]);
    expect(await here.failure("activity.reconcile", { activityId: activity.id })).toMatchObject({
      code: "conflict",
    });
  });

  it("are confirmed when every host was asked and accepted", async () => {
    const activity = await here.settles("lattice.registries.put", { registries, collect: true }, "confirmed");
    expect(activity.reply).toEqual({ accepted: 5, refusals: [], silent: 0 });
    expect(activity.message).toBe("5 of 5 hosts accepted, 0 refused, 0 did not answer.");
  });

  it("that one host did not answer to stay unknown, with the count", async () => {
    here.host("1.9.2").faults.add({ kind: "silent", on: "registry.put" });
    const activity = await here.settles("lattice.registries.put", { registries, collect: true }, "unknown");
    expect(activity.message).toMatch(/^4 of 5 hosts accepted, 0 refused, 1 did not answer/);
  });

  it("of a token alone are not called taken, for hosts from 1.9.0 on pull without it", async () => {
    const token = { "ghcr.example.test": { token: "t0ken" } };
    const mixed = await here.settles(
      "lattice.registries.put",
      { registries: token, collect: true },
      "unknown",
    );
    expect(mixed.message).toMatch(/5 of 5 hosts accepted.* pull from ghcr\.example\.test without the token/);
    for (const host of here.playground.hosts) if (host.version !== "1.9.2") await host.stop();
    await vi.waitFor(async () => {
      const { failure } = await here.leftBehind("lattice.registries.put", { registries: token });
      expect(failure).toMatchObject({
        code: "conflict",
        hint: expect.stringMatching(/token as the password/),
      });
    });
  });

  it("are never recorded, shown or answered", async () => {
    const { id } = await here.settles("lattice.registries.put", { registries, collect: true }, "confirmed");
    const shown = [await here.output("activity.get", { activityId: id }), await here.output("activity.list")];
    const text = JSON.stringify(shown);
    expect(text).not.toContain("s3cret-word");
    expect(text).not.toContain("robot");
    expect(shown[0]).toMatchObject({
      activity: { input: { registries: { "registry.example.test": { password: "(secret)" } } } },
    });
  });

  it("find nobody where no host is left", async () => {
    for (const host of here.playground.hosts) await host.stop();
    const { failure, activity } = await here.leftBehind("lattice.registries.put", {
      registries,
      collect: true,
    });
    expect(failure.code).toBe("unreachable");
    expect(activity.state).toBe("failed");
  });

  it.each([
    [{ username: "robot" }, "registries.ghcr.io.password"],
    [{ token: "t", username: "a", password: "b" }, "registries.ghcr.io.token"],
    [{ registryType: "" }, "registries.ghcr.io.registryType"],
  ])("such as %j are refused, because hosts would go on anonymously", async (credential, path) => {
    const failure = await here.failure("lattice.registries.put", { registries: { "ghcr.io": credential } });
    expect(failure).toMatchObject({ code: "invalid_input", details: { fields: [{ path }] } });
  });
});
