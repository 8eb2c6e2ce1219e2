import { connect, type NatsConnection } from "nats";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConsoleUnderTest } from "../../testing/console-files.ts";

let here: ConsoleUnderTest;

beforeEach(async () => {
  here = await ConsoleUnderTest.start();
  await here.follow();
});
afterEach(() => here.close());

const key = { sourceId: "shop-front", witNamespace: "wasi", witPackage: "keyvalue" };
const link = (more: object = {}) => ({ ...key, target: "keyvalue-redis", interfaces: ["store"], ...more });
const stored = () => here.playground.simulated[0]?.state.specs.get("shop-front")?.links ?? [];

describe("a link", () => {
  it("is put, verified by reading although other hosts' copies lag, and shown", async () => {
    const activity = await here.settles("lattice.links.put", link(), "verified");
    expect(activity.title).toBe("Link shop-front to keyvalue-redis (wasi:keyvalue, default)");
    expect(
      (await here.output("lattice.links.list")).filter(({ sourceId }) => sourceId === "shop-front"),
    ).toEqual([{ ...link(), name: "default", sourceConfig: [], targetConfig: [] }]);
  });

  it("that contradicts another is explained by naming it, and not sent", async () => {
    await here.settles("lattice.links.put", link(), "verified");
    const rival = link({ target: "elsewhere", interfaces: ["store", "atomics"] });
    const { failure, activity } = await here.leftBehind("lattice.links.put", rival);
    expect(failure).toMatchObject({
      code: "conflict",
      message:
        "shop-front is linked to keyvalue-redis already for wasi:keyvalue/store under the name default.",
      details: { conflicting: { target: "keyvalue-redis" } },
    });
    expect(activity.request).toBeUndefined();
    expect(await here.output("lattice.links.preview-put", rival)).toMatchObject({ effect: "conflict" });
    expect(stored()).toHaveLength(1);
  });

  it("whose interfaces differ may go to another target", async () => {
    await here.settles("lattice.links.put", link(), "verified");
    await here.settles("lattice.links.put", link({ target: "other", interfaces: ["atomics"] }), "verified");
    expect(stored()).toHaveLength(2);
  });

  it("replaces the one between the same ends as a whole, and the preview says so", async () => {
    await here.settles("lattice.links.put", link({ interfaces: ["store", "batch"] }), "verified");
    const next = link({ interfaces: ["batch"] });
    expect(await here.output("lattice.links.preview-put", next)).toMatchObject({
      effect: "replaces",
      existing: { interfaces: ["store", "batch"] },
    });
    await here.settles("lattice.links.put", next, "verified");
    expect(stored()).toMatchObject([{ interfaces: ["batch"] }]);
    expect(await here.output("lattice.links.preview-put", next)).toMatchObject({ effect: "same" });
  });

  it("with a config that does not exist is refused in the host's words", async () => {
    await here.host("1.0.4").stop();
    const { failure, activity } = await here.leftBehind(
      "lattice.links.put",
      link({ sourceConfig: ["nope"] }),
    );
    expect(failure).toMatchObject({
      code: "upstream_refused",
      upstream: expect.stringMatching(/nope not found/),
    });
    expect(activity.state).toBe("refused");
  });

  it("to what does not run is allowed with a warning", async () => {
    const preview = await here.output("lattice.links.preview-put", link({ target: "nobody" }));
    expect(preview.effect).toBe("new");
    expect(preview.warnings.join()).toMatch(/shop-front.*nobody/);
  });

  it("whose put gets no reply is settled by its event", async () => {
    for (const host of here.playground.hosts)
      host.faults.add({ kind: "silent", on: "link.put", execute: true });
    const { failure, activity } = await here.leftBehind("lattice.links.put", link());
    expect(failure.code).toBe("timeout");
    await here.reaches(activity.id, "verified");
  });
});

it("changes of one source go one after another, also at once, those of other sources beside them", async () => {
  for (const host of here.playground.hosts)
    host.faults.add({ kind: "slowReply", on: "link.put", milliseconds: 100 });
  const { natsUrl: servers, natsToken: token } = here.playground;
  const watcher = await connect({ servers, ...(token !== undefined && { token }) });
  try {
    const seen = outstanding(watcher);
    await watcher.flush();
    const names = ["a", "b", "c", "d"];
    const put = (more: object) => here.settles("lattice.links.put", link(more), "verified");
    await Promise.all([...names.map((name) => put({ name })), put({ sourceId: "cart" })]);
    expect(
      stored()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
    expect(seen.most).toEqual({ "shop-front": 1, cart: 1 });
    expect(seen.mostInAll).toBeGreaterThan(1);
  } finally {
    await watcher.close();
  }
});

/** How many puts of each source were waiting for their replies at the same time. */
function outstanding(watcher: NatsConnection) {
  const open = new Map<string, string>();
  const seen = { most: {} as Record<string, number>, mostInAll: 0 };
  watcher.subscribe("wasmbus.ctl.v1.*.link.put", {
    callback: (_error, message) => {
      const { source_id: source } = message.json<{ source_id: string }>();
      open.set(message.reply ?? "", source);
      const count = [...open.values()].filter((each) => each === source).length;
      seen.most[source] = Math.max(seen.most[source] ?? 0, count);
      seen.mostInAll = Math.max(seen.mostInAll, open.size);
    },
  });
  watcher.subscribe("_INBOX.>", { callback: (_error, message) => open.delete(message.subject) });
  return seen;
}

describe("a deletion of a link", () => {
  it("is previewed: the one that goes, or that it will be one of several, and that both ends run", async () => {
    await here.settles("lattice.links.put", link(), "verified");
    const preview = () => here.output("lattice.links.preview-delete", key);
    const alone = await preview();
    expect(alone.matches).toMatchObject([{ target: "keyvalue-redis" }]);
    expect(alone.warnings).toEqual([]);
    await here.settles("lattice.links.put", link({ target: "cart", interfaces: ["atomics"] }), "verified");
    const { matches, message } = await vi.waitFor(async () => {
      const shown = await preview();
      expect(shown.matches).toHaveLength(2);
      return shown;
    });
    expect(matches.map(({ target }) => target)).toEqual(["cart", "keyvalue-redis"]);
    expect(message).toMatch(/^One of the 2 links from shop-front to cart, keyvalue-redis goes/);
    const gone = await here.settles("lattice.links.delete", key, "verified");
    expect(gone.message).toContain("The link to keyvalue-redis was removed");
    const both = { sourceId: "cart", witNamespace: "wasi", witPackage: "keyvalue" };
    const { warnings } = await here.output("lattice.links.preview-delete", both);
    expect(warnings).toEqual([expect.stringMatching(/^cart and keyvalue-redis both run/)]);
    const none = await here.output("lattice.links.preview-delete", { ...key, sourceId: "never-seen" });
    expect(none).toMatchObject({ matches: [], message: expect.stringMatching(/no such link/) });
  });

  it("removes the first match only, says which, and what remains", async () => {
    for (const host of here.playground.hosts) if (host.version === "1.0.4") await host.stop();
    await here.settles("lattice.links.put", link(), "verified");
    await here.settles("lattice.links.put", link({ target: "other", interfaces: ["atomics"] }), "verified");
    const first = await here.settles("lattice.links.delete", key, "verified");
    expect(first.message).toMatch(/^The link to keyvalue-redis was removed\. Still there.*other/);
    const second = await here.settles("lattice.links.delete", key, "verified");
    expect(second.message).toBe("The link to other was removed. No link with this key is left.");
    expect(stored()).toEqual([]);
  });

  it("of what is not there is verified and says that nothing was", async () => {
    const activity = await here.settles(
      "lattice.links.delete",
      { ...key, sourceId: "never-seen" },
      "verified",
    );
    expect(activity.message).toBe("There was no such link.");
  });

  it("tells from the reading which one went where a host of 1.0 does not say it", async () => {
    for (const host of here.playground.hosts) if (host.version !== "1.0.4") await host.stop();
    await here.settles("lattice.links.put", link(), "verified");
    const activity = await here.settles("lattice.links.delete", key, "verified");
    expect(activity.message).toMatch(/^The link to keyvalue-redis was removed\./);
  });
});

it.each([
  [{ sourceId: "a b" }, "sourceId"],
  [{ witNamespace: " " }, "witNamespace"],
  [{ interfaces: [""] }, "interfaces.0"],
  [{ sourceConfig: ["a.b"] }, "sourceConfig.0"],
])("a link with %j is refused before anything is recorded", async (wrong, path) => {
  const failure = await here.failure("lattice.links.put", link(wrong));
  expect(failure).toMatchObject({ code: "invalid_input", details: { fields: [{ path }] } });
  expect(await here.output("activity.list")).toEqual([]);
});
