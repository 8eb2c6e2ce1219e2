import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type OperationName, operations } from "../../shared/catalogue.ts";
import type { Reply } from "../../shared/contract/index.ts";
import { sampleInput } from "../../shared/testing/every-command.ts";
import type { RunningConsole } from "../support/console.ts";
import { flowfabricInputs } from "../support/flowfabric.ts";
import { fluxConnectionId, fluxInputs, quietFluxProfile } from "../support/flux.ts";
import { forgeInputs } from "../support/forge.ts";
import { freePort } from "../support/free-port.ts";
import { httpRequest } from "../support/http-request.ts";
import { connectionId, expect, test } from "../support/story.ts";

const unknownHost = `N${"A".repeat(55)}`;

type Inputs = Partial<Record<OperationName, Record<string, unknown>>>;

/** An input for every operation: one that its schema accepts, where there is none here that tells more. */
function inputs(hostId: string): Inputs {
  const { "playground.get": get, "playground.disturb": disturb, ...telling } = tellingInputs(hostId);
  const names = Object.keys(operations) as OperationName[];
  const others = names
    .filter((name) => !(name in telling) && !name.startsWith("playground."))
    .map((name) => [name, sampleInput(name, { connectionId, hostId: unknownHost })]);
  // The playground's come last, because one of them ends it.
  return { ...telling, ...Object.fromEntries(others), "playground.get": get, "playground.disturb": disturb };
}

function tellingInputs(hostId: string): Inputs {
  const lattice = { connectionId };
  const scale = {
    connectionId,
    hostId: unknownHost,
    componentId: "cart",
    maxInstances: 3,
    imageReference: "x:1",
  };
  const provider = { connectionId, hostId: unknownHost, providerId: "http-server" };
  const auction = { connectionId, imageReference: "x:1", constraints: { zone: "eu-1" }, simulate: true };
  // Any host may answer for a lattice, in its own version's words; these are answered the same by all.
  const nobody = { connectionId, lattice: "nobody-here" };
  const linkKey = { sourceId: "http-server", witNamespace: "wasi", witPackage: "http" };
  const link = { connectionId, ...linkKey, target: "rival", interfaces: ["incoming-handler"] };
  const label = { connectionId, hostId: unknownHost, key: "zone" };
  const profile = {
    name: "Second",
    color: "#112233",
    environment: "DEV",
    guard: "read-only",
    openAtStart: false,
    system: "lattice",
    target: { addresses: ["nats://127.0.0.1:1"] },
  };
  return {
    "console.info": {},
    "console.http.get": {},
    "console.http.switch": { on: true },
    "console.tokens.list": {},
    "console.tokens.create": { name: "Token File", scope: "read" },
    "console.tokens.revoke": { tokenId: "token-file" },
    "console.sessions.list": {},
    "console.sessions.close": { sessionId: "none" },
    "console.sessions.invite": { scope: "everything" },
    "console.preferences.get": {},
    "console.preferences.save": { notifyWhenSettled: false },
    "connections.list": {},
    "connections.save": { connectionId: "second", profile },
    "connections.remove": { connectionId: "never-there" },
    "connections.test": { connectionId: "second" },
    "connections.open": { connectionId },
    "connections.close": { connectionId: "second" },
    "connections.discover": {},
    "connections.import": { keys: ["nats:none"] },
    "guards.list": {},
    "guards.lock": { connectionId },
    "activity.list": { limit: 1, state: "verified" },
    "activity.get": { activityId: "none" },
    "activity.export": {},
    "activity.extent": {},
    "activity.reconcile": { activityId: "none" },
    "events.search": { connectionId, limit: 1, filter: "type:nothing_like_it" },
    "events.get": { sequence: 999_999_999 },
    "events.export": { connectionId, filter: "type:nothing_like_it" },
    "lattice.lattices.list": lattice,
    "lattice.hosts.list": lattice,
    "lattice.hosts.get": { ...lattice, hostId },
    "lattice.components.list": lattice,
    "lattice.components.preview-scale": { ...scale, hostId },
    "lattice.components.scale": scale,
    "lattice.components.start": scale,
    "lattice.components.preview-update": scale,
    "lattice.components.update": scale,
    "lattice.components.updated": lattice,
    "lattice.components.preview-restart": scale,
    "lattice.components.restart": scale,
    "lattice.providers.list": lattice,
    "lattice.providers.start": { ...provider, imageReference: "x:1" },
    "lattice.providers.stop": provider,
    "lattice.hosts.preview-stop": { ...lattice, hostId },
    "lattice.hosts.stop": { ...lattice, hostId: unknownHost, timeoutMs: 1_000 },
    "lattice.labels.preview": { ...label, hostId, value: "b" },
    "lattice.labels.put": { ...label, value: "b" },
    "lattice.labels.delete": label,
    "lattice.auctions.component": { ...auction, componentId: "cart" },
    "lattice.auctions.provider": { ...auction, providerId: "http-server" },
    "lattice.links.list": lattice,
    "lattice.links.preview-put": link,
    "lattice.links.put": link,
    "lattice.links.preview-delete": { connectionId, ...linkKey },
    "lattice.links.delete": { ...nobody, ...linkKey },
    "lattice.configs.list": lattice,
    "lattice.configs.get": { ...lattice, name: "cart-defaults" },
    "lattice.configs.usage": { ...lattice, name: "redis-cluster" },
    "lattice.configs.preview-put": { ...lattice, name: "SECRET_payments", values: { key: "a" } },
    "lattice.configs.put": { ...nobody, name: "parity", values: { A: "1" } },
    "lattice.configs.delete": { ...nobody, name: "parity" },
    "lattice.claims.list": lattice,
    "lattice.registries.put": { ...nobody, registries: { "ghcr.io": { token: "t" } }, collect: true },
    // The connection leads elsewhere, which both ways must tell alike.
    ...flowfabricInputs(connectionId),
    ...forgeInputs(connectionId),
    ...fluxInputs(),
    "playground.get": {},
    "playground.disturb": { action: "kill-nats" },
  };
}

/** Times, durations and ids differ between two calls; everything else must not. */
function withoutChance(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(withoutChance).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value === "string") {
    return value
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
      .replace(/\b[0-9a-z]{9}[0-9a-z]{3}[0-9a-f]{8}\b/g, "<id>");
  }
  if (typeof value !== "object" || value === null) return value;
  const chance = /Ms$|^uptime|^eventsTotal$|^eventsPerSecond$|^token$|^seen|^duration|^roundTrip/;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !chance.test(key))
      .map(([key, part]) => [key, withoutChance(part)]),
  );
}

async function overHttp(
  name: OperationName,
  input: Record<string, unknown>,
  access: { port: string; token: string },
): Promise<Reply> {
  const { url, init } = httpRequest(name, input, {});
  const response = await fetch(`http://127.0.0.1:${access.port}${url}`, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${access.token}` },
  });
  if (response.headers.get("content-type")?.includes("ndjson"))
    return { ok: true, output: await response.text() };
  const body = await response.json();
  return response.ok ? { ok: true, output: body } : { ok: false, failure: body };
}

test("every operation answers the same over IPC and over HTTP", async ({ stage }) => {
  test.skip(stage.shell !== "electron", "only the desktop application has both transports");
  const playground = await stage.playground(["--health-seconds", "3600"]);
  const port = String(await freePort());
  const settings = {
    args: ["--no-playground", "--http-port", port],
    environment: { HOME: stage.directory, XDG_CONFIG_HOME: stage.directory },
  };
  const running: RunningConsole = await stage.follow(playground, { settings });
  await expect
    .poll(async () => {
      const reply = await running.call("lattice.hosts.list", { connectionId });
      return reply.ok ? reply.output.filter((host) => host.inventoryAt).length : 0;
    })
    .toBe(playground.hosts.length);
  await running.call("connections.save", { connectionId: fluxConnectionId, profile: quietFluxProfile });
  await running.call("connections.open", { connectionId: fluxConnectionId });
  const table = inputs(playground.hosts[0]?.id ?? "");
  expect(Object.keys(table).sort()).toEqual(Object.keys(operations).sort());
  const token = readFileSync(join(stage.directory, "token"), "utf8").trim();

  for (const [name, input] of Object.entries(table) as [OperationName, Record<string, unknown>][]) {
    const ipc = await running.call(name, input as never);
    const http = await overHttp(name, input, { port, token });
    const operation = operations[name];
    const asText = operation.kind === "query" && "download" in operation && operation.download;
    const expected = asText && ipc.ok ? { ok: true, output: (ipc.output as { text: string }).text } : ipc;
    expect(withoutChance(http), name).toEqual(withoutChance(expected));
  }
});
