import { describe, expect, it } from "vitest";
import type { Request } from "../../playground/flux/testing/recorded-calls.ts";
import { fluxRecords } from "../../recordings/recordings.ts";
import { canonicalJson } from "../../shared/contract/index.ts";
import { type PolicyChanges, policyChangesSchema, wireChanges } from "../../shared/flux/policies.ts";
import { releaseSchema } from "../../shared/flux/release.ts";
import type { DaemonClient } from "./client/daemon-client.ts";
import { withComputedImages } from "./client/image-order.ts";
import { imageRows, jobOf, repositoryOf, workloadRows } from "./client/rows.ts";
import type { UpdateSpec } from "./client/update-spec.ts";
import { completeRelease, releaseSpec } from "./commands/release-spec.ts";
import { routeOf } from "./listener/listener-routes.ts";
import { tokenOf } from "./listener/tokens.ts";
import {
  exchanges,
  expectEventRead,
  expectUnderstood,
  type RecordedExchange,
  replay,
} from "./testing/recorded-answers.ts";

function called(method: string): RecordedExchange[] {
  return exchanges.filter(({ request }) => request.method === `RPCServer.${method}`);
}

describe("every recorded call", () => {
  const named = exchanges.map((exchange, index) => [index, exchange.request.method, exchange] as const);

  it.each(named)(
    "%i %s is sent by our client as it was recorded, and its answer is understood",
    async (_index, _method, exchange) => {
      await expectUnderstood(exchange);
    },
  );

  const updates = called("UpdateManifests").map(({ request }) => request.params[0] as UpdateSpec);

  it.each(updates.map((spec, index) => [index, spec.type, spec] as const))(
    "change %i (%s) is what an operation makes of it",
    (_index, _type, spec) => {
      // What somebody left out is filled in from what runs, so that it is not what was recorded.
      if (!isWhole(spec)) expect(() => remade(spec)).toThrow("Not released");
      else expect(canonicalJson(remade(spec))).toBe(canonicalJson(spec));
    },
  );
});

/** The same change as an operator would ask for it. */
function remade(update: UpdateSpec): UpdateSpec {
  const { cause } = update;
  if (update.type === "image") {
    const { ServiceSpecs, ImageSpec: image, Excludes, Force: force, Kind } = update.spec;
    const workloads = ServiceSpecs.includes("<all>") ? ("<all>" as const) : ServiceSpecs;
    const release = { kind: "image" as const, workloads, image, excludes: Excludes ?? [], force };
    return releaseSpec(release, cause, Kind);
  }
  if (update.type === "containers") {
    const { SkipMismatches: skipMismatches, Force: force, Kind, ContainerSpecs } = update.spec;
    const chosen = Object.entries(ContainerSpecs).map(([id, list]) => [
      id,
      list.map(({ Container: container, Current: current, Target: target }) => ({
        container,
        current,
        target,
      })),
    ]);
    const release = releaseSchema.parse({
      kind: "containers",
      updates: Object.fromEntries(chosen),
      skipMismatches,
      force,
    });
    return releaseSpec(completeRelease(release, []), cause, Kind);
  }
  if (update.type === "sync") return { type: "sync", cause, spec: {} };
  const spec = Object.entries(update.spec).map(([id, { add, remove }]) => [
    id,
    wireChanges(changesOf(add, remove), cause.User),
  ]);
  return { type: "policy", cause, spec: Object.fromEntries(spec) };
}

function changesOf(add: Record<string, string>, remove: Record<string, string>): PolicyChanges {
  const tags = Object.entries(add).flatMap(([name, pattern]) =>
    name.startsWith("tag.") ? [[name.slice("tag.".length), pattern] as const] : [],
  );
  return policyChangesSchema.parse({
    ...(add.automated && { automated: true }),
    ...(remove.automated && { automated: false }),
    ...(add.locked && { locked: true, lockMessage: add.locked_msg }),
    ...(remove.locked && { locked: false }),
    tags: Object.fromEntries(tags),
  });
}

function isWhole(update: UpdateSpec): boolean {
  if (update.type !== "containers") return true;
  return Object.values(update.spec.ContainerSpecs)
    .flat()
    .every(({ Current }) => Current !== undefined);
}

/** The decoded answers to a method. */
async function answers<T>(
  method: string,
  read: (client: DaemonClient, request: Request) => Promise<T>,
): Promise<T[]> {
  const settled = await Promise.allSettled(
    called(method)
      // The mock server's answers are invented: they prove shapes and nothing else.
      .filter(({ peer }) => peer.startsWith("fluxd"))
      .map((exchange) => read(replay(exchange).client, exchange.request)),
  );
  return settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

describe("rows of what was recorded", () => {
  it("of workloads say what the daemon said", async () => {
    const lists = await answers("ListServices", (client) => client.listServices(""));
    const rows = lists.flatMap((list) => workloadRows(list, 11));
    expect(rows.length).toBeGreaterThan(50);
    const row = (id: string, status = "") =>
      rows.find((each) => each.id === id && each.status.startsWith(status));
    expect(row("shop:deployment/ignored")).toMatchObject({
      ignored: false,
      policies: { ignore: "sync_only" },
    });
    expect(row("infra:helmrelease/redis")).toMatchObject({
      status: "",
      automated: false,
      policies: { automated: "false" },
    });
    expect(row("shop:deployment/digest")?.containers[0]?.image).toContain("@sha256:");
    expect(row("shop:deployment/locked")).toMatchObject({
      locked: true,
      policies: { locked_user: "Zoë Müller <zoe@example.com>" },
    });
    expect(row("shop:deployment/multi")?.containers.map(({ name }) => name)).toEqual([
      "web",
      "sidecar",
      "log-agent",
      "init-db",
    ]);
    for (const { id } of rows) expect(id).toMatch(/^[a-z0-9-]+:[a-z]+\/[\w.-]+$/);
  });

  it("of images take what runs from the workloads where the registry does not know it", async () => {
    const [workloads = []] = (await answers("ListServices", (client) => client.listServices(""))).filter(
      (list) => list.length > 10,
    );
    const lists = await answers("ListImagesWithOptions", (client) =>
      client.listImagesWithOptions({ spec: "<all>", namespace: "" }),
    );
    const [known = []] = lists.filter((list) =>
      list.some(({ Containers }) => Containers.some(({ Available }) => Available.length > 0)),
    );
    const rows = imageRows(known, workloads);
    const broken = rows.find(({ workloadId }) => workloadId === "shop:deployment/broken");
    expect(broken).toMatchObject({
      running: "127.0.0.1:5055/shop/broken:1.0",
      available: [{ reference: ":1.0" }],
    });
    const report = rows.find(({ workloadId }) => workloadId === "shop:cronjob/report");
    expect(report?.counts).toEqual({ available: 9, newAvailable: 8, filtered: 8, newFiltered: 7 });
  });

  it("of images can be counted here as the daemon counts them, for daemons that do not", async () => {
    const [workloads = []] = (await answers("ListServices", (client) => client.listServices(""))).filter(
      (list) => list.length > 10,
    );
    const lists = await answers("ListImagesWithOptions", (client) =>
      client.listImagesWithOptions({ spec: "<all>", namespace: "" }),
    );
    const [known = []] = lists.filter((list) =>
      list.some(({ Containers }) => Containers.some(({ Available }) => Available.length > 0)),
    );
    const policies = new Map(workloads.map(({ ID, Policies }) => [ID, Policies]));
    for (const { ID, Containers } of known)
      for (const container of Containers) {
        const pattern = policies.get(ID)?.[`tag.${container.Name}`] ?? "glob:*";
        const counts = { NewAvailableImagesCount: 0, FilteredImagesCount: 0, NewFilteredImagesCount: 0 };
        const bare = { ...container, ...counts, AvailableImagesCount: 0, LatestFiltered: { ID: "" } };
        // What nothing but the tag is known of is newer than nothing.
        if (container.Current.ID !== "") expect(await withComputedImages(bare, pattern)).toEqual(container);
      }
  });

  it("of jobs have the states and revisions that the daemon gave", async () => {
    const jobs = (await answers("JobStatus", (client) => client.jobStatus(""))).map((wire) =>
      jobOf("job", wire, ""),
    );
    const find = (words: string) => jobs.find(({ error }) => error.includes(words));
    expect(find("no changes made in repo")).toMatchObject({ state: "failed", results: [] });
    expect(find("failed to push some refs")).toMatchObject({ state: "failed", revision: undefined });
    expect(find("matches no existing author")).toMatchObject({
      state: "failed",
      revision: undefined,
      results: [{ status: "success" }],
    });
    expect(find("is not verified")).toMatchObject({ state: "failed", revision: expect.any(String) });
    expect(jobs.some(({ state }) => state === "queued")).toBe(true);
    expect(jobs.some(({ state }) => state === "running")).toBe(true);
  });

  it("of repositories have the status, and git's own words for why", async () => {
    const found = (await answers("GitRepoConfig", (client) => client.gitRepoConfig(false))).map((wire) =>
      repositoryOf(wire, ""),
    );
    expect(new Set(found.map(({ status }) => status))).toEqual(
      new Set(["new", "ready", "unconfigured", "cloned"]),
    );
    const https = found.find(({ url }) => url.includes("none.git"));
    // The user may be a token (addresses are shown without it).
    expect(https).toMatchObject({ url: "https://127.0.0.1:1/none.git", publicKey: "", fingerprints: {} });
    expect(https?.errors).toContain("Failed to connect");
  });
});

describe("every recorded event", () => {
  const events = fluxRecords().flatMap((record) => (record.kind === "event" ? [record] : []));

  it.each(events.map((event, index) => [index, event] as const))("%i is read whole", (_index, { body }) => {
    expectEventRead(String(body));
  });

  it("was posted without a Content-Type, to the path that takes events", () => {
    for (const { request } of events) {
      const [first = "", ...headers] = request.split("\n");
      expect(routeOf(first.split(" ")[1])).toMatchObject({ kind: "events" });
      expect(headers.join("\n").toLowerCase()).not.toContain("content-type");
    }
  });
});

describe("every recorded handshake", () => {
  const handshakes = fluxRecords().flatMap((record) => (record.kind === "handshake" ? [record.request] : []));

  it.each(handshakes)("%# is that of a V11 daemon with a token", (request) => {
    const [first = "", ...lines] = request.split("\n");
    const headers = new Map(
      lines.map((line) => [line.split(": ", 1)[0]?.toLowerCase(), line.slice(line.indexOf(": ") + 2)]),
    );
    expect(routeOf(first.split(" ")[1])).toMatchObject({ kind: "register", protocol: 11 });
    expect(tokenOf(headers.get("authorization"))).toBe("REDACTED");
    expect(headers.has("origin")).toBe(false);
  });
});
