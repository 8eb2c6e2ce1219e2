import { afterEach, describe, expect, it, vi } from "vitest";
import { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import { Registry } from "../../../playground/flux/registry.ts";
import { workload } from "../../../playground/flux/workload.ts";
import { defaultLimits } from "../listener/limits.ts";
import { imagesWithTags } from "../queries/image-lists.ts";
import { type ConsoleSide, openConsoleSide, token } from "../testing/console-side.ts";
import { CallTimeout, daemonFailure } from "./rpc-errors.ts";

let here: ConsoleSide;
let daemon: SimulatedDaemon;

afterEach(async () => {
  daemon.stop();
  await here.close();
});

const rowOf = () => here.session.daemon("shop").row();
const namespaces = ["big", "small"];

/** Two namespaces: 60 workloads of 20 tags each in one, 2 in the other. */
async function begin(options: Parameters<typeof openConsoleSide>[0] = {}, protocol = 11): Promise<void> {
  here = await openConsoleSide(options);
  const registry = new Registry();
  for (const namespace of namespaces)
    for (let tag = 0; tag < 20; tag++) registry.publish(`registry.example.com/${namespace}/app:1.${tag}.0`);
  const workloads = namespaces.flatMap((namespace) =>
    Array.from({ length: namespace === "big" ? 60 : 2 }, (_, index) =>
      workload(`${namespace}:deployment/app-${index}`, {
        web: `registry.example.com/${namespace}/app:1.0.0`,
      }),
    ),
  );
  daemon = new SimulatedDaemon({
    name: "shop",
    connect: here.url,
    token,
    protocol,
    registry,
    workloads,
    redialMs: 50,
  });
  daemon.start();
  await vi.waitFor(() => expect(here.session.daemon("shop").isConnected).toBe(true));
}

describe("images with every tag", () => {
  it.each([
    ["at once where they are few", 1_240, "1.25.4", ["<all> "]],
    ["by namespace where they are more", 1_200, "1.25.4", ["<all> big", "<all> small"]],
    ["by workload in a namespace that is too large", 1_000, "1.25.4", [60, "<all> small"]],
    ["by workload of a daemon that knows no namespaces", 1_200, "1.10.1", [60, 2]],
  ])("are asked for %s", async (_name, most, version, parts) => {
    await begin();
    const { client } = here.session.daemon("shop");
    const asked = vi.spyOn(client, "listImagesWithOptions");
    const images = await imagesWithTags(client, { namespace: "", version, most });
    expect(images).toHaveLength(62);
    expect(images.flatMap(({ Containers }) => Containers[0]?.Available)).toHaveLength(1_240);
    const queries = asked.mock.calls.map(([{ spec, namespace }]) => `${spec} ${namespace}`).slice(1);
    const single = queries.filter((query) => !query.startsWith("<all>"));
    expect(queries.filter((query) => query.startsWith("<all>"))).toEqual(
      parts.filter((part) => typeof part === "string"),
    );
    expect(single).toHaveLength(
      parts.reduce<number>((sum, part) => sum + (typeof part === "number" ? part : 0), 0),
    );
  });

  it("are asked for workload by workload of a daemon that always sends them", async () => {
    await begin({ limits: { messageBytes: 120_000 } }, 9);
    const { client } = here.session.daemon("shop");
    expect(await imagesWithTags(client, { namespace: "", version: "1.3.0" })).toHaveLength(62);
    expect(here.session.daemon("shop").row().registrations).toBe(1);
  });
});

describe("an answer above the limit", () => {
  it("is named as that, with what to ask for instead, and costs no other call its answer", async () => {
    await begin({ limits: { messageBytes: 60_000 } });
    const { client } = here.session.daemon("shop");
    await here.session.daemon("shop").readFacts();
    for (const on of ["SyncStatus", "GitRepoConfig", "UpdateManifests"])
      daemon.faults.add({ kind: "delay", on, milliseconds: 300 });
    const others = Promise.allSettled([
      client.syncStatus("HEAD"),
      client.gitRepoConfig(false),
      client.updateManifests({ type: "sync", cause: { Message: "", User: "" }, spec: {} }),
    ]);
    const error = await client
      .listImagesWithOptions({ spec: "<all>", namespace: "" })
      .catch((thrown) => thrown);
    expect(daemonFailure(error, "shop")).toMatchObject({
      code: "upstream_invalid",
      message: "shop sent an answer that is too large.",
      hint: expect.stringContaining("without their tags"),
    });
    expect((await others).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(rowOf()).toMatchObject({ status: "connected", registrations: 1 });
  });

  it("in what is read of the daemon is told on its row, and the rest is there", async () => {
    await begin({ limits: { messageBytes: 20_000 } });
    await here.session.daemon("shop").readFacts();
    expect(rowOf()).toMatchObject({
      status: "connected",
      registrations: 1,
      version: "1.25.4",
      warnings: ["The last reading is not whole: ListServices: the answer is larger than allowed"],
    });
  });

  it.each([
    ["does not end", { on: "Export", bytes: 300_000 }, undefined],
    ["does not begin with its id", undefined, `{"result":"${"x".repeat(70_000)}`],
  ])("that %s ends the connection, and the daemon comes again", async (_name, huge, bytes) => {
    await begin({ limits: { messageBytes: 60_000, skippedBytes: 250_000 } });
    await here.session.daemon("shop").readFacts();
    daemon.faults.add({ kind: "delay", on: "SyncStatus", milliseconds: 2_000 });
    if (huge) daemon.faults.add({ kind: "huge", ...huge });
    const { client } = here.session.daemon("shop");
    const waiting = client.syncStatus("HEAD").catch((thrown) => thrown);
    if (huge) void client.export().catch(() => undefined);
    if (bytes) daemon.send(Buffer.from(bytes));
    expect(daemonFailure(await waiting, "shop")).toMatchObject({
      code: "upstream_invalid",
      message: "shop sent an answer that is too large, and was disconnected.",
    });
    await vi.waitFor(() => expect(rowOf()).toMatchObject({ registrations: 2 }), 5_000);
  });

  it("is none of those that were seen of a real daemon", () => {
    expect(defaultLimits.messageBytes).toBeGreaterThan(46_000_000);
  });
});

describe("a dry run that takes longer than is waited for", () => {
  it("is told to go on in the daemon", async () => {
    await begin({ times: { planMs: 50 } });
    daemon.faults.add({ kind: "delay", on: "UpdateManifests", milliseconds: 300 });
    const { client } = here.session.daemon("shop");
    const spec = {
      ServiceSpecs: ["<all>"],
      ImageSpec: "<all latest>",
      Kind: "plan" as const,
      Excludes: null,
      Force: false,
    };
    const error = await client
      .updateManifests({ type: "image", cause: { Message: "", User: "" }, spec })
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CallTimeout);
    expect(daemonFailure(error, "shop")).toMatchObject({
      code: "timeout",
      hint: expect.stringContaining("still working on the dry run"),
    });
  });
});
