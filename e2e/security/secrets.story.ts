import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElectronApplication } from "@playwright/test";
import { nkeys } from "nats";
import type { ConnectionDraftProfile, Secrets } from "../../shared/connections/schema.ts";
import { connect, goToPlace } from "../support/connect.ts";
import type { RunningConsole } from "../support/console.ts";
import { heldText } from "../support/held-text.ts";
import { ask, converged } from "../support/lattice.ts";
import { startListener } from "../support/listener.ts";
import type { PlaygroundProcess } from "../support/playground.ts";
import { closeDialog } from "../support/screen.ts";
import { pageStores, randomMark, SecretSearch } from "../support/secret-search.ts";
import { type ServerProcess, startNats, startProxy, startRedis } from "../support/signed-in-servers.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

// Each kind of secret goes in by its own door, is used at a real server, and is then looked for everywhere else.

/** Stands in a connection's name, and so everywhere where secrets must not stand. */
const control = `Control${randomMark()}`;

/** What the secrets file and the token file are for. */
const meant = ["secrets.json", "token"];

test.describe.configure({ timeout: 400_000 });

test("secrets are nowhere but where they are kept and used", async ({ stage }) => {
  const marks = newMarks();
  const playground = await stage.playground(["--systems", "flowfabric,forge,flux"]);
  const servers = await startServers(marks, playground);
  try {
    const environment = { SWITCHYARD_STORY_CONTROL: control };
    const started = await stage.follow(playground, { name: control, settings: { environment } });
    await converged(started, playground);
    const search = new SecretSearch(plainMarks(marks));
    const issued = await spendAll(started, playground, { marks, servers });
    search.add("daemon token", issued);
    for (const place of ["/connections", `/c/${connectionId}/default/activity`]) await visit(started, place);
    const copied = await copyCommands(started);

    search.look("replies", JSON.stringify(await replies(started)), control);
    search.look("page", await pageStores(started.page), control);
    await expect
      .poll(async () => holding(await heldText(started.page), { ...plainMarks(marks), issued }), {
        timeout: 150_000,
      })
      .toEqual([]);
    search.look("heap of the page", await heldText(started.page), control);
    search.lookAtProcesses(started.process.pid ?? 0, control);
    if (copied !== undefined) search.look("clipboard", copied, "curl");
    if (started.application) await lookAtMain(started.application, { marks, issued });
    search.lookAtFiles(stage.directory, meant, control);
    expect(search.result).toEqual({ findings: [], blind: [] });
    expectPrivate(stage.directory, started);

    // What is written when it closes is looked at too.
    await started.close();
    search.lookAtFiles(stage.directory, meant, control);
    expect(search.result).toEqual({ findings: [], blind: [] });
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
});

test("what opens the HTTP interface is left nowhere but in its own file", async ({ stage }) => {
  const started = await stage.open();
  const { page, process, application } = started;
  if (application) await ask(started, "console.http.switch", { on: true, port: 0 });
  await connect(started, { connectionId: "named", profile: forgeProfile({ url: "http://127.0.0.1:9" }) });
  await visit(started, "/connections");
  const file = join(stage.directory, "token");
  const search = new SecretSearch({});
  // Where only its digest is kept there is nothing to look for.
  if (existsSync(file)) {
    expect(statSync(file).mode & 0o077).toBe(0);
    search.add("bearer token", readFileSync(file, "utf8").trim());
  }
  search.look("replies", JSON.stringify(await replies(started)), control);
  search.look("page", await pageStores(page), control);
  search.look("heap of the page", await heldText(page), control);
  search.lookAtProcesses(process.pid ?? 0, stage.directory);
  search.lookAtFiles(stage.directory, meant, control);
  expect(search.result).toEqual({ findings: [], blind: [] });
});

test("the search finds a secret in each form in which it might be written", () => {
  const mark = randomMark();
  const written = {
    text: `password=${mark};`,
    "UTF-16": Buffer.from(`<${mark}>`, "utf16le"),
    hex: Buffer.from(`x${mark}`).toString("hex"),
    "percent-encoded": Buffer.from(mark).toString("hex").replace(/../g, "%$&"),
    base64: Buffer.from(`user:${mark}`).toString("base64"),
    "base64 of another length": Buffer.from(`use:${mark}x`).toString("base64"),
    "base64 for addresses": Buffer.from(`us:${mark}xy`).toString("base64url"),
  };
  for (const [form, content] of Object.entries(written)) {
    const search = new SecretSearch({ planted: mark });
    search.look(form, content, "somewhere else");
    expect(search.result.findings, form).toHaveLength(1);
    expect(search.result.blind).toEqual([form]);
  }
});

/** Those whose sign-in is refused: what is said about it must not hold it. */
const failing = ["jwt", "echoed-forge", "echoed-flowfabric"];

type Marks = ReturnType<typeof newMarks>;

function newMarks() {
  return {
    password: randomMark(),
    natsToken: randomMark(),
    seed: new TextDecoder().decode(nkeys.createUser().getSeed()),
    jwt: randomMark(),
    forgeToken: randomMark(),
    echoed: randomMark(),
    header: randomMark(),
    basic: randomMark(),
    valkeyPassword: randomMark(),
    registryUser: randomMark(),
    registryPassword: randomMark(),
    configValue: randomMark(),
    rotation: Buffer.from(randomMark()).toString("hex").padEnd(64, "0").slice(0, 64),
  };
}

/** What of each secret may stand nowhere: a seed without its fixed beginning. */
function plainMarks(marks: Marks): Record<string, string> {
  return { ...marks, seed: marks.seed.slice(4, 50) };
}

async function startServers(marks: Marks, { systems }: PlaygroundProcess) {
  const forge = systems.forge as Record<string, string>;
  const publicKey = nkeys.fromSeed(new TextEncoder().encode(marks.seed)).getPublicKey();
  const users = `{ user: operator, password: "${marks.password}" }, { nkey: ${publicKey} }`;
  return {
    users: await startNats(`users: [ ${users} ]`),
    token: await startNats(`token: "${marks.natsToken}"`),
    redis: await startRedis(marks.valkeyPassword),
    echo: await startEcho(),
    proxy: await startProxy(String(forge.url), String(forge.token)),
  };
}

async function startEcho(): Promise<ServerProcess> {
  const { port, close } = await startListener("echoing proxy");
  return { port, stop: close };
}

interface Used {
  marks: Marks;
  servers: Record<"users" | "token" | "redis" | "echo" | "proxy", ServerProcess>;
}

/** Signs in everywhere, and sends what commands carry; answers with the token that a daemon was given. */
async function spendAll(started: RunningConsole, playground: PlaygroundProcess, used: Used): Promise<string> {
  const { marks } = used;
  const connections = allConnections(playground, used);
  for (const [id, [profile, secrets]] of Object.entries(connections))
    await connect(started, { connectionId: id, profile, secrets });
  const open = Object.keys(connections).filter((id) => !failing.includes(id));
  await expect
    .poll(async () => {
      const rows = await ask(started, "connections.list", {});
      return rows.filter(({ status }) => status.state === "open").map(({ profile }) => profile.id);
    })
    .toEqual(expect.arrayContaining(open));
  for (const id of Object.keys(connections)) await started.call("connections.test", { connectionId: id });

  const lattice = { connectionId };
  const scope = { connectionId: "server" };
  await ask(started, "lattice.registries.put", {
    ...lattice,
    registries: {
      "registry.example.test": {
        username: marks.registryUser,
        password: marks.registryPassword,
        registryType: "oci",
      },
    },
    collect: true,
  });
  await ask(started, "lattice.configs.put", {
    ...lattice,
    name: "SECRET_story",
    values: { key: marks.configValue },
  });
  await ask(started, "flowfabric.rotations.start", {
    ...scope,
    way: "http",
    keyId: "kid-searched",
    secretHex: marks.rotation,
  });
  await expect
    .poll(async () => (await ask(started, "flowfabric.rotations.list", scope))[0]?.state)
    .toBe("converged");
  const daemon = { connectionId: "flux", daemonId: "searched", name: "Searched" };
  return (await ask(started, "flux.daemons.add", daemon)).token;
}

function allConnections(
  playground: PlaygroundProcess,
  { marks, servers }: Used,
): Record<string, [ConnectionDraftProfile, Secrets]> {
  const url = `http://127.0.0.1:${servers.proxy.port}`;
  const flowfabric = playground.systems.flowfabric as Record<string, string>;
  const echo = `http://127.0.0.1:${servers.echo.port}`;
  const jwt = ["eyJ0eXAiOiJKV1QifQ", marks.jwt, "c2ln"].join(".");
  const valkey = { addresses: [`redis://127.0.0.1:${servers.redis.port}`], cluster: false };
  return {
    password: [
      natsProfile(servers.users, { method: "password", user: "operator" }),
      { password: marks.password },
    ],
    nkey: [natsProfile(servers.users, { method: "nkey" }), { seed: marks.seed }],
    token: [natsProfile(servers.token, { method: "token" }), { token: marks.natsToken }],
    jwt: [natsProfile(servers.users, { method: "jwt" }), { jwt, seed: marks.seed }],
    bearer: [forgeProfile({ url, authentication: { method: "bearer" } }), { token: marks.forgeToken }],
    header: [
      forgeProfile({ url, authentication: { method: "header", name: "X-Key" } }),
      { header: marks.header },
    ],
    basic: [
      forgeProfile({ url, authentication: { method: "basic", user: "ada" } }),
      { password: marks.basic },
    ],
    server: [
      {
        ...identity,
        system: "flowfabric",
        target: { url: String(flowfabric.url), authentication: { method: "bearer" } },
      },
      { token: String(flowfabric.token) },
    ],
    valkey: [
      { ...identity, system: "flowfabric", target: { valkey } },
      { valkeyPassword: marks.valkeyPassword },
    ],
    "echoed-forge": [
      forgeProfile({ url: echo, authentication: { method: "header", name: "X-Key" } }),
      { header: marks.echoed },
    ],
    "echoed-flowfabric": [
      { ...identity, system: "flowfabric", target: { url: echo, authentication: { method: "bearer" } } },
      { token: marks.echoed },
    ],
    flux: [{ ...identity, system: "flux", target: { host: "127.0.0.1", port: 0, daemons: [] } }, {}],
  };
}

const identity = {
  name: control,
  color: "#12b886",
  environment: "TEST",
  guard: "open",
  openAtStart: true,
} as const;

function natsProfile(server: ServerProcess, authentication: object): ConnectionDraftProfile {
  const target = { addresses: [`nats://127.0.0.1:${server.port}`], requestTimeoutMs: 500, authentication };
  return { ...identity, system: "lattice", target } as ConnectionDraftProfile;
}

function forgeProfile(target: object): ConnectionDraftProfile {
  return { ...identity, system: "forge", target } as ConnectionDraftProfile;
}

async function visit({ page }: RunningConsole, place: string): Promise<void> {
  if (place.startsWith("/c/")) await goTo(page, "activity");
  else await goToPlace(page, place);
  await expect(page.getByText(control).first()).toBeVisible();
}

/** Copies a command for a server that wants a token, in each way that is offered; answers with what the clipboard held. */
async function copyCommands({ page, application }: RunningConsole): Promise<string | undefined> {
  if (!application) return undefined;
  await goToPlace(page, "/forge/bearer/queues?open=mailers");
  await page.getByRole("button", { name: "Pause…" }).click();
  const dialog = page.getByRole("dialog", { name: "Pause mailers" });
  const copied: string[] = [];
  for (const item of ["curl", "curl to the jobs server"]) {
    await dialog.getByRole("button", { name: /Copy as|Copied/ }).click();
    await page.getByRole("menuitem", { name: item, exact: true }).click();
    await expect
      .poll(async () => {
        copied.push(await application.evaluate(({ clipboard }) => clipboard.readText()));
        return copied.at(-1);
      })
      .toContain("curl");
  }
  await closeDialog(dialog);
  await goToPlace(page, "/connections");
  return copied.join("\n");
}

/** What the console answers about all of it. */
async function replies(started: RunningConsole): Promise<unknown[]> {
  const { call } = started;
  const rotations = await call("flowfabric.rotations.list", { connectionId: "server" });
  const rotationId = (rotations.ok && rotations.output[0]?.id) || "none";
  const onRotation = { connectionId: "server", rotationId };
  return Promise.all([
    call("console.info", {}),
    call("console.http.get", {}),
    call("connections.list", {}),
    ...["password", "valkey", "header", ...failing].map((id) =>
      call("connections.test", { connectionId: id }),
    ),
    call("activity.list", { limit: 100 }),
    call("activity.export", {}),
    call("events.export", { connectionId }),
    call("lattice.configs.get", { connectionId, name: "SECRET_story" }),
    call("flowfabric.rotations.export", { ...onRotation, format: "csv" }),
    call("flowfabric.rotations.export", { ...onRotation, format: "json" }),
    call("flux.daemons.list", { connectionId: "flux" }),
    call("flux.listener.get", { connectionId: "flux" }),
  ]);
}

function holding(text: string, marks: Record<string, string>): string[] {
  return Object.keys(marks).filter((name) => text.includes(marks[name] ?? ""));
}

/** The main process holds what it signs in with, to do so again; what commands carried is gone with them. */
async function lookAtMain(
  application: ElectronApplication,
  { marks, issued }: { marks: Marks; issued: string },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-heap-"));
  try {
    const file = join(folder, "main.heapsnapshot");
    await application.evaluate((_electron, path) => {
      const v8 = process.mainModule?.require("node:v8") as typeof import("node:v8");
      v8.writeHeapSnapshot(path);
    }, file);
    const heap = readFileSync(file, "utf8");
    const { registryUser, registryPassword, configValue, rotation } = marks;
    expect(holding(heap, { control, password: marks.password })).toEqual(["control", "password"]);
    expect(holding(heap, { registryUser, registryPassword, configValue, rotation, issued })).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function expectPrivate(directory: string, { application }: RunningConsole): void {
  const file = join(directory, "secrets.json");
  // The desktop has no keychain here, and writes nothing then.
  expect(existsSync(file)).toBe(application === undefined);
  if (!application) expect(statSync(file).mode & 0o077).toBe(0);
}
