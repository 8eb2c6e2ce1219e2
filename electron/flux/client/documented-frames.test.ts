import { describe, expect, it } from "vitest";
import type { ProtocolVersion } from "../../../shared/flux/schema.ts";
import { documentedFrames } from "../testing/documented.ts";
import { DaemonClient } from "./daemon-client.ts";
import { RpcConnection } from "./rpc-connection.ts";
import { DaemonApplicationError, ServerError } from "./rpc-errors.ts";
import type { Change, UpdateSpec } from "./update-spec.ts";

type Frame = Record<string, unknown>;

/** A peer that answers each call with the next frame of the page, and keeps what was asked. */
function replay(answers: readonly Frame[], version: ProtocolVersion = 11) {
  const asked: Frame[] = [];
  const closed: string[] = [];
  const left = [...answers];
  const rpc = new RpcConnection(
    {
      send: (bytes) => {
        const request = JSON.parse(bytes.toString()) as Frame;
        asked.push(request);
        const answer = left.shift();
        if (answer)
          queueMicrotask(() =>
            rpc.receive(Buffer.from(`${JSON.stringify({ ...answer, id: request.id })}\n`)),
          );
      },
      close: (reason) => closed.push(reason),
    },
    1_000_000,
  );
  return { client: new DaemonClient(rpc, version), asked, closed, rpc };
}

function answer(section: string, index = 0): Frame {
  return documentedFrames(section, "answer")[index] as Frame;
}

function parameters(section: string): unknown[] {
  return documentedFrames(section, "request").map(({ params }) => (params as unknown[])[0]);
}

/** What the client asked is what the page shows, but for the number of the call. */
function expectAsked(asked: readonly Frame[], section: string, indexes = [0]): void {
  const wanted = indexes.map((index) => documentedFrames(section, "request")[index] as Frame);
  expect(asked.map(({ id: _id, ...request }) => request)).toEqual(
    wanted.map(({ id: _id, ...request }) => request),
  );
}

describe("the frames of the wire reference", () => {
  it("Ping, Version and Export", async () => {
    const { client, asked } = replay([answer("Ping"), answer("Version"), answer("Export")]);
    await client.ping();
    expect(await client.daemonVersion()).toBe("1.25.4");
    expect(await client.export()).toBe("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n");
    expect(asked.map(({ id }) => id)).toEqual([0, 1, 2]);
    for (const [index, name] of ["Ping", "Version", "Export"].entries())
      expectAsked([asked[index] as Frame], name);
  });

  it("ListServices as a union, with null for empty lists", async () => {
    const { client, asked } = replay([answer("ListServices")]);
    const [checkout, ledger] = await client.listServices("shop");
    expectAsked(asked, "ListServices");
    expect(checkout).toMatchObject({
      ID: "shop:deployment/checkout",
      Rollout: { Desired: 3, Messages: [] },
      Policies: { automated: "true", "tag.web": "semver:~2.4" },
    });
    expect(ledger).toMatchObject({
      ReadOnly: "NotInRepo",
      Antecedent: "shop:helmrelease/ledger",
      Labels: {},
    });
  });

  it("ListServices bare, as V6 sends it", async () => {
    const { client } = replay([answer("ListServices", 1)], 6);
    expect(await client.listServices("shop")).toMatchObject([
      {
        ID: "shop/checkout",
        Status: "updating",
        Rollout: { Desired: 3, Updated: 2, Ready: 2, Available: 2 },
        Policies: {},
      },
    ]);
  });

  it("ListServicesWithOptions is never sent, because no daemon has it", async () => {
    const { client, asked } = replay([answer("ListServices")]);
    const services = ["shop:deployment/checkout"];
    expect(await client.listServicesWithOptions({ namespace: "", services })).toHaveLength(1);
    expect(asked.map(({ method }) => method)).toEqual(["RPCServer.ListServices"]);
  });

  it("ListImages and ListImagesWithOptions", async () => {
    const { client, asked } = replay([answer("ListImagesWithOptions"), answer("ListImagesWithOptions")]);
    await client.listImages("shop:deployment/checkout");
    const [checkout, report] = await client.listImagesWithOptions({ spec: "<all>", namespace: "shop" });
    expectAsked([asked[0] as Frame], "ListImages");
    expectAsked([asked[1] as Frame], "ListImagesWithOptions");
    expect(checkout?.Containers[0]).toMatchObject({
      LatestFiltered: { ID: "registry.example.com/shop/checkout:2.4.3" },
      NewFilteredImagesCount: 1,
    });
    expect(checkout?.Containers[0]?.Available.at(-1)?.ID).toBe(":nightly");
    expect(report?.Containers).toEqual([]);
  });

  it("UpdateManifests in each of its kinds", async () => {
    const specs = parameters("UpdateManifests") as UpdateSpec[];
    const { client, asked } = replay(specs.map(() => answer("UpdateManifests")));
    for (const spec of specs) {
      expect(await client.updateManifests(spec)).toBe("5be0c1d2-93a4-77f1-0b1e-6c5d4e3f2a10");
    }
    expectAsked(asked, "UpdateManifests", [0, 1, 2, 3, 4]);
  });

  it("NotifyChange from V9 on, SyncNotify before", async () => {
    const changes = parameters("NotifyChange") as Change[];
    const { client, asked } = replay(changes.map(() => answer("NotifyChange")));
    for (const change of changes) await client.notifyChange(change);
    expectAsked(asked, "NotifyChange", [0, 1]);
    const old = replay([{ id: 0, result: { ApplicationError: null }, error: null }], 8);
    await old.client.notifyChange(changes[0] as Change);
    expectAsked(old.asked, "SyncNotify");
  });

  it("JobStatus: waiting, done, failed, unknown", async () => {
    const answers = documentedFrames("JobStatus", "answer");
    const { client, asked, closed } = replay(answers);
    const id = "5be0c1d2-93a4-77f1-0b1e-6c5d4e3f2a10";
    expect(await client.jobStatus(id)).toMatchObject({
      StatusString: "queued",
      Result: { revision: "", result: {} },
    });
    const done = await client.jobStatus(id);
    expect(done.Result.revision).toBe("9f1c2d3e4b5a69788796a5b4c3d2e1f00f1e2d3c");
    expect(done.Result.result["shop:deployment/legacy"]).toMatchObject({
      Status: "ignored",
      Error: "not included",
    });
    expect(await client.jobStatus(id)).toMatchObject({
      StatusString: "failed",
      Err: "no changes made in repo",
    });
    const missing = await client.jobStatus(id).catch((error) => error);
    expect(missing).toBeInstanceOf(DaemonApplicationError);
    expect(missing.data).toMatchObject({ type: "missing", help: "Job not found\n\n(longer explanation)" });
    expectAsked(asked.slice(0, 1), "JobStatus");
    expect(closed).toEqual([]);
  });

  it("SyncStatus and GitRepoConfig", async () => {
    const { client, asked } = replay([...documentedFrames("SyncStatus", "answer"), answer("GitRepoConfig")]);
    expect(await client.syncStatus("9f1c2d3")).toHaveLength(2);
    expect(await client.syncStatus("9f1c2d3")).toEqual([]);
    expect(await client.gitRepoConfig(false)).toMatchObject({
      remote: { url: "ssh://git@git.example.com/shop/config", branch: "main", path: "shop,infra" },
      status: "ready",
      errors: "",
    });
    expectAsked(asked.slice(0, 1), "SyncStatus");
    expectAsked(asked.slice(2), "GitRepoConfig");
  });

  it("a method that is not there fails the call and nothing else", async () => {
    const gone = documentedFrames("Frames", "answer")[1] as Frame;
    const { client, closed } = replay([gone, answer("Ping")]);
    await expect(client.syncNotify()).rejects.toBeInstanceOf(ServerError);
    await client.ping();
    expect(closed).toEqual([]);
  });

  it("Version of a daemon without that call is unknown", async () => {
    const error = "rpc: can't find method RPCServer.Version";
    expect(await replay([{ id: 0, result: null, error }]).client.daemonVersion()).toBe("unknown");
  });
});

describe("an answer that is no answer", () => {
  const broken: [string, Frame][] = [
    ["neither result nor error", { result: null, error: null }],
    ["an error that is no text", { result: null, error: { code: 1 } }],
    ["a bare value where a union belongs", { result: [], error: null }],
    [
      "a union with another shape",
      { result: { Result: [{ Nonsense: 1 }], ApplicationError: null }, error: null },
    ],
    ["an application error that is none", { result: { Result: [], ApplicationError: "no" }, error: null }],
  ];

  it.each(broken)("%s ends the connection and every other call", async (_name, frame) => {
    const { client, closed, rpc } = replay([frame]);
    const [first, other] = await Promise.allSettled([client.listServices(""), client.ping()]);
    expect([first.status, other.status]).toEqual(["rejected", "rejected"]);
    expect(closed).toHaveLength(1);
    expect(rpc.pendingCalls).toBe(0);
    await expect(client.ping()).rejects.toThrow("connection is shut down");
  });

  it("an answer nobody waits for is passed over", async () => {
    const { client, rpc, closed } = replay([]);
    rpc.receive(Buffer.from('{"id":99,"result":{},"error":null}\n{"id":null,"result":null,"error":"x"}\n'));
    const ping = client.ping();
    rpc.receive(Buffer.from('{"id":0,"result":{},"error":null}\n'));
    await ping;
    expect(closed).toEqual([]);
  });

  it("an empty error text is still an error", async () => {
    await expect(replay([{ result: null, error: "" }]).client.ping()).rejects.toThrow("unspecified error");
  });
});
