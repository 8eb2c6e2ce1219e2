import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SimulatedDaemon, typicalVersions } from "../../../playground/flux/daemon.ts";
import { Registry } from "../../../playground/flux/registry.ts";
import { workload } from "../../../playground/flux/workload.ts";
import { protocolVersions } from "../../../shared/flux/schema.ts";
import { type ConsoleSide, openConsoleSide, token } from "../testing/console-side.ts";
import type { DaemonClient } from "./daemon-client.ts";
import { DaemonApplicationError, ServerError } from "./rpc-errors.ts";

const image = "registry.example.com/shop/checkout";

function seeded(): { registry: Registry; workloads: ReturnType<typeof workload>[] } {
  const registry = new Registry();
  registry.publish(`${image}:2.4.1`, "2031-01-20T10:00:00Z");
  registry.publish(`${image}:2.4.3`, "2031-02-01T08:30:00Z");
  registry.publish(`${image}:2.5.0`, "2031-02-02T08:30:00Z");
  const policies = { automated: "true", "tag.web": "semver:~2.4" };
  const kind = "deployment";
  const workloads = [
    workload(`shop:${kind}/checkout`, { web: `${image}:2.4.1` }, { policies, replicas: 3 }),
    workload(`shop:${kind}/legacy`, { web: `${image}:2.4.1` }, { policies: { locked: "true" } }),
    workload("infra:daemonset/agent", { agent: "agent:1" }, { inGit: false }),
  ];
  return { registry, workloads };
}

describe.each(protocolVersions)("a daemon of V%i", (protocol) => {
  let here: ConsoleSide;
  let daemon: SimulatedDaemon;
  let client: DaemonClient;
  const full = protocol >= 8;
  const checkout = full ? "shop:deployment/checkout" : "shop/checkout";

  beforeEach(async () => {
    here = await openConsoleSide();
    const world = seeded();
    daemon = new SimulatedDaemon({
      name: "shop",
      connect: here.url,
      token,
      protocol,
      allowsNamespaces: true,
      jobMs: 10,
      syncMs: 10,
      ...world,
    });
    daemon.start();
    await vi.waitFor(() => expect(here.session.daemon("shop").isConnected).toBe(true));
    client = here.session.daemon("shop").client;
  });
  afterEach(async () => {
    daemon.stop();
    await here.close();
  });

  it("answers Ping and Version", async () => {
    await client.ping();
    expect(await client.daemonVersion()).toBe(typicalVersions[protocol]);
  });

  it("tells of itself: version, repository, sync and workloads", async () => {
    await vi.waitFor(() => expect(here.session.daemon("shop").row().factsAt).toBeDefined());
    expect(here.session.daemon("shop").row()).toMatchObject({
      status: "connected",
      protocol,
      version: typicalVersions[protocol],
      userAgent: `fluxd/${typicalVersions[protocol]}`,
      repository: {
        url: "ssh://git@git.example.com/shop/config",
        branch: "main",
        status: protocol >= 9 ? "ready" : "",
      },
      sync: { state: "applied", pendingCount: 0 },
      workloads: { total: 3, automated: 1, locked: 1 },
    });
  });

  it("exports YAML", async () => {
    expect(await client.export()).toContain("kind: Namespace\nmetadata:\n  name: shop");
  });

  it("lists services, all and of a namespace, with rollouts also where it writes them as text", async () => {
    daemon.state.workloads[0]!.updated = 2;
    const all = await client.listServices("");
    expect(all).toHaveLength(3);
    expect(await client.listServices("nowhere")).toEqual([]);
    const shop = await client.listServices("shop");
    expect(shop.find(({ ID }) => ID === checkout)).toMatchObject({
      Status: "updating",
      Rollout: { Desired: 3, Updated: 2, Messages: [] },
      Automated: true,
      Containers: [{ Name: "web", Current: { ID: `${image}:2.4.1` } }],
    });
  });

  it("lists services by id, composed of older calls", async () => {
    const some = await client.listServicesWithOptions({ namespace: "", services: [checkout] });
    expect(some.map(({ ID }) => ID)).toEqual([checkout]);
    await expect(client.listServicesWithOptions({ namespace: "shop", services: [checkout] })).rejects.toThrow(
      "cannot filter by 'namespace' and 'services' at the same time",
    );
  });

  it("lists images with the newest that the filter lets pass", async () => {
    const [one] = await client.listImagesWithOptions({ spec: checkout, namespace: "" });
    expect(one).toMatchObject({
      ID: checkout,
      Containers: [
        {
          Current: { ID: `${image}:2.4.1` },
          LatestFiltered: { ID: `${image}:2.4.3` },
          AvailableImagesCount: 3,
          NewAvailableImagesCount: 2,
          FilteredImagesCount: 2,
          NewFilteredImagesCount: 1,
        },
      ],
    });
    expect((await client.listImages(checkout))[0]?.Containers[0]?.Available).toHaveLength(3);
    const shop = await client.listImagesWithOptions({ spec: "<all>", namespace: "shop" });
    expect(shop).toHaveLength(2);
    await expect(
      client.listImagesWithOptions({ spec: "<all>", namespace: "", fields: ["Nope"] }),
    ).rejects.toThrow("Nope is an invalid field");
  });

  it("takes a release, runs its job and applies it", async () => {
    const id = await client.updateManifests({
      type: "image",
      cause: { Message: "", User: "Ines Okafor <ines@example.com>" },
      spec: {
        ServiceSpecs: [checkout],
        ImageSpec: `${image}:2.5.0`,
        Kind: "execute",
        Excludes: null,
        Force: false,
      },
    });
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const job = await vi.waitFor(async () => {
      const status = await client.jobStatus(id);
      expect(status.StatusString).toBe("succeeded");
      return status;
    });
    expect(job.Result.result[checkout]).toMatchObject({
      Status: "success",
      PerContainer: [{ Container: "web", Current: `${image}:2.4.1`, Target: `${image}:2.5.0` }],
    });
    const { revision } = job.Result;
    await vi.waitFor(async () => expect(await client.syncStatus(revision)).toEqual([]));
    expect(here.errors).toEqual([]);
    const types = here.events.kept.map(({ event }) => event.type);
    expect(types).toEqual(["commit", "sync", "release"]);
    expect(here.events.kept[2]?.event).toMatchObject({
      revisions: [revision],
      user: "Ines Okafor <ines@example.com>",
    });
  });

  it("works a plan out inside the call and changes nothing", async () => {
    const id = await client.updateManifests({
      type: "image",
      cause: { Message: "", User: "" },
      spec: {
        ServiceSpecs: ["<all>"],
        ImageSpec: "<all latest>",
        Kind: "plan",
        Excludes: null,
        Force: false,
      },
    });
    const { StatusString, Result } = await client.jobStatus(id);
    expect(StatusString).toBe("succeeded");
    expect(Result.revision).toBe("");
    const locked = full ? "shop:deployment/legacy" : "shop/legacy";
    expect(Result.result[locked]).toMatchObject({ Status: "skipped", Error: "locked" });
    expect(daemon.state.repository.commits).toHaveLength(1);
  });

  it("changes policies", async () => {
    const spec = { [checkout]: { add: { locked: "true" }, remove: { automated: "true" } } };
    const id = await client.updateManifests({ type: "policy", cause: { Message: "", User: "" }, spec });
    await vi.waitFor(async () => expect((await client.jobStatus(id)).StatusString).toBe("succeeded"));
    const [one] = await client.listServicesWithOptions({ namespace: "", services: [checkout] });
    expect(one).toMatchObject({ Locked: true, Automated: false });
  });

  it("is told of changes by the call that it has", async () => {
    const change = {
      Kind: "image" as const,
      Source: { Name: { Domain: "registry.example.com", Image: "shop/checkout" } },
    };
    if (protocol >= 9) {
      await client.notifyChange(change);
      expect(daemon.notices).toEqual([image]);
      await expect(client.syncNotify()).rejects.toThrow("rpc: can't find method RPCServer.SyncNotify");
    } else {
      await expect(client.notifyChange(change)).rejects.toThrow("NotifyChange method not implemented");
    }
    daemon.state.repository.commit("by hand");
    await client.notifyChange({ Kind: "git", Source: { URL: daemon.state.repository.url, Branch: "main" } });
    await vi.waitFor(() =>
      expect(daemon.state.repository.marker).toBe(daemon.state.repository.head.revision),
    );
  });

  it("says that it does not know a job, each version in its way", async () => {
    const call = client.jobStatus("5be0c1d2-0000-0000-0000-000000000000");
    const kind = protocol === 6 ? ServerError : DaemonApplicationError;
    await expect(call).rejects.toBeInstanceOf(kind);
    await expect(call).rejects.toThrow('unknown job "5be0c1d2-0000-0000-0000-000000000000"');
  });

  it("shows and renews its key", async () => {
    const before = await client.gitRepoConfig(false);
    const after = await client.gitRepoConfig(true);
    expect(after.publicSSHKey.key).not.toBe(before.publicSSHKey.key);
    expect((await client.gitRepoConfig(false)).publicSSHKey).toEqual(after.publicSSHKey);
  });

  it("is not asked about kinds that it does not know", async () => {
    const foreign = full ? "shop/checkout" : "shop:deployment/checkout";
    const error = await client.listImages(foreign).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DaemonApplicationError);
    expect(error.message).toBe(`Unsupported resource kind: ${full ? "service" : "deployment"}`);
    expect(error.data.type).toBe("user");
    const spec = { [foreign]: { add: { locked: "true" }, remove: {} } };
    await expect(async () =>
      client.updateManifests({ type: "policy", cause: { Message: "", User: "" }, spec }),
    ).rejects.toThrow("Unsupported resource kind");
  });
});
