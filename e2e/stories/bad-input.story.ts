import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { LatticeTarget } from "../../shared/connections/schema.ts";
import { ask, believed, hostsOf } from "../support/lattice.ts";
import { openScale } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

const base = { requestTimeoutMs: 1_000, authentication: { method: "token" } } as const;

test("a connection that cannot work is diagnosed at the step that fails", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground);
  const web = await webServer();
  const address = `nats://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const diagnose = (target: Partial<LatticeTarget> & { addresses: string[] }) =>
    ask(started, "connections.test", {
      connectionId: "trial",
      settings: { system: "lattice", target: { ...base, ...target } },
      secrets: { token: playground.natsToken },
    });
  const failed = (name: string) =>
    expect.arrayContaining([expect.objectContaining({ name, outcome: "failed" })]);

  const nobody = await diagnose({ addresses: ["nats://127.0.0.1:1"] });
  expect(nobody).toMatchObject({ ok: false, steps: failed("connect"), failure: { code: "unreachable" } });
  expect(nobody.summary).toContain("127.0.0.1:1");

  const unnamed = await diagnose({ addresses: ["nats://no-such-host.invalid:4222"] });
  expect(unnamed).toMatchObject({ ok: false, steps: failed("resolve") });
  expect(unnamed.summary).toContain("no-such-host.invalid");

  const http = await diagnose({ addresses: [address] });
  expect(http.ok).toBe(false);
  expect(http.summary).toMatch(/NATS/);

  const elsewhere = await diagnose({ addresses: [playground.natsUrl], lattice: "prod" });
  expect(elsewhere).toMatchObject({ ok: false, steps: failed("lattice"), lattices: ["default"] });
  expect(elsewhere.summary).toContain("default (5 hosts)");

  const mistaken = await diagnose({
    addresses: [playground.natsUrl],
    authentication: { method: "password", user: "somebody" },
  });
  expect(mistaken.summary).not.toMatch(/undefined/);

  const lattices = await ask(started, "lattice.lattices.list", { connectionId });
  expect(lattices).toMatchObject([{ lattice: "default", phase: "live", hosts: { live: 5 } }]);
  web.close();
});

test("input that cannot be right is refused by the name of its field, before anything is sent", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "components" });
  const { page, call } = started;
  const [host] = await hostsOf(playground, "catalog");
  const hostId = host?.id ?? "";
  const before = await believed(started);
  const good = { connectionId, hostId, componentId: "catalog", maxInstances: 61 };

  for (const [field, value] of [
    ["componentId", " "],
    ["componentId", "two\nlines"],
    ["hostId", "quiet-river"],
    ["maxInstances", -1],
    ["maxInstances", 1.5],
    ["maxInstances", 4_294_967_296],
    ["lattice", "prod.eu"],
  ] as const) {
    const reply = await call("lattice.components.scale", { ...good, [field]: value });
    expect(reply, `${field} ${value}`).toMatchObject({
      ok: false,
      failure: { code: "invalid_input", details: { fields: [{ path: field }] } },
    });
  }
  const elsewhere = { ...good, connectionId: "no-such-connection" };
  expect(await call("lattice.components.scale", elsewhere)).toMatchObject({
    ok: false,
    failure: { code: "not_found", message: expect.stringContaining("no-such-connection") },
  });
  const nobody = { ...good, hostId: `N${"A".repeat(55)}` };
  expect(await call("lattice.components.scale", nobody)).toMatchObject({ ok: false });

  const dialog = await openScale(page, "catalog", host?.friendlyName);
  const count = dialog.getByRole("textbox", { name: "Instances on each host" });
  await count.fill("-3");
  await expect(dialog).toContainText("Not below 0; 0 stops the component.");
  await expect(dialog.getByRole("button", { name: /^Scale catalog/ })).toBeDisabled();
  await page.keyboard.press("Escape");

  expect(await believed(started)).toEqual(before);
  expect(await ask(started, "activity.list", { state: "acknowledged" })).toEqual([]);
});

test("a host that answers garbage is named, and the others are shown", async ({ stage }) => {
  // Without heartbeats, which would tell what the hosts do not answer.
  const playground = await stage.playground(["--heartbeat-seconds", "3600"]);
  const [odd, half, silent] = playground.hosts;
  await playground.order({ do: "fault", host: odd?.id, fault: { kind: "garbageReply", on: "host.get" } });
  await playground.order({ do: "fault", host: half?.id, fault: { kind: "halfEnvelope", on: "host.get" } });
  await playground.order({ do: "fault", host: silent?.id, fault: { kind: "silent", on: "host.get" } });
  const started = await stage.follow(playground, { page: "hosts" });
  const { page, call } = started;

  for (const [host, code] of [
    [odd, "upstream_invalid"],
    [half, "upstream_invalid"],
    [silent, "timeout"],
  ] as const) {
    const reply = await call("lattice.hosts.get", { connectionId, hostId: host?.id ?? "" });
    expect(reply, host?.friendlyName).toMatchObject({ ok: false, failure: { code } });
  }
  const others = playground.hosts.slice(3);
  for (const host of others) {
    const reply = await call("lattice.hosts.get", { connectionId, hostId: host.id });
    expect(reply, host.friendlyName).toMatchObject({ ok: true });
  }
  await expect.poll(async () => (await ask(started, "lattice.hosts.list", { connectionId })).length).toBe(5);
  const notice = page.getByRole("status").filter({ hasText: "3 of 5 hosts did not answer" });
  for (const host of [odd, half, silent]) await expect(notice).toContainText(host?.friendlyName ?? "");

  await playground.order({ do: "clear-faults" });
  await expect(notice).toBeHidden();
});

test("a lattice and a connection that do not exist say so and offer the way out", async ({ stage }) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground);
  await page.evaluate(() => {
    location.hash = "#/c/story/atlantis/hosts";
  });
  await expect(page.getByText("No host of lattice atlantis has been heard")).toBeVisible();
  await page.evaluate(() => {
    location.hash = "#/c/nowhere/default/hosts";
  });
  await expect(page.getByText("There is no connection nowhere")).toBeVisible();
  await goTo(page, "hosts");
  await expect(page.getByText("There is no connection nowhere")).toBeHidden();
});

/** Something that listens and speaks another protocol. */
function webServer(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((_request, response) => response.end("hello")).listen(0, "127.0.0.1", () =>
      resolve(server),
    );
  });
}
