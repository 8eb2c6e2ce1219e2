import { readFileSync } from "node:fs";
import { join } from "node:path";
import { confirmationRequestSchema } from "../../shared/contract/index.ts";
import { everyCommand } from "../../shared/testing/every-command.ts";
import { freePort } from "../support/free-port.ts";
import { httpRequest } from "../support/http-request.ts";
import { ask, hostsOf, instancesOn } from "../support/lattice.ts";
import { drawer, openScale } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";

test("a read-only connection offers nothing and refuses over IPC and over HTTP", async ({ stage }) => {
  const playground = await stage.playground();
  const port = await freePort();
  const portOption = stage.shell === "electron" ? "--http-port" : "--port";
  const started = await stage.follow(playground, {
    guard: "read-only",
    page: "components",
    settings: { args: ["--no-playground", portOption, String(port)] },
  });
  const { page, call } = started;
  const [host] = await hostsOf(playground, "catalog");
  const hostId = host?.id ?? "";

  const dialog = await openScale(page, "catalog", host?.friendlyName);
  await expect(dialog).toContainText("Story lattice is read-only");
  await expect(dialog).toContainText("Its guard is loosened under Connections");
  await expect(dialog.getByRole("button", { name: /^(Scale|Stop) catalog/ })).toHaveCount(0);

  const input = { connectionId, hostId, componentId: "catalog", maxInstances: 61 };
  const refusal = { code: "forbidden", message: "Story lattice is read-only in this console." };
  const reply = await call("lattice.components.scale", input);
  expect(reply).toMatchObject({ ok: false, failure: refusal });

  const token = readFileSync(join(stage.directory, "token"), "utf8").trim();
  const { url, init } = httpRequest("lattice.components.scale", input, {});
  const response = await fetch(`http://127.0.0.1:${port}${url}`, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject(refusal);

  for (const [name, given] of everyCommand({ connectionId, hostId })) {
    expect(await call(name, given as never), name).toMatchObject({ ok: false, failure: refusal });
    const { url, init } = httpRequest(name, given, {
      confirmation: { token: "any", phrase: "Story lattice" },
    });
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${port}${url}`, { ...init, headers });
    expect([answer.status, await answer.json()], name).toMatchObject([403, refusal]);
  }

  expect(await instancesOn(playground, hostId, "catalog")).toBe(60);
  expect(await ask(started, "activity.list", {})).toEqual([]);
});

test("a protected connection wants its name typed, and a confirmation fits only its own input", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { guard: "protected", page: "components", name: "prod-eu" });
  const { page, call } = started;
  const [host] = await hostsOf(playground, "catalog");
  const hostId = host?.id ?? "";

  const dialog = await openScale(page, "catalog", host?.friendlyName);
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("61");
  const scale = dialog.getByRole("button", { name: /^Scale catalog to 61 on / });
  await expect(scale).toBeDisabled();
  await dialog.getByLabel("Type prod-eu to unlock").fill("prod-us");
  await expect(scale).toBeDisabled();
  await dialog.getByLabel("Type prod-eu to unlock").fill("prod-eu");
  await scale.click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");

  const input = { connectionId, hostId, componentId: "catalog", maxInstances: 5 };
  const asked = await call("lattice.components.scale", input);
  expect(asked).toMatchObject({ ok: false, failure: { code: "confirmation_required" } });
  const { token } = confirmationRequestSchema.parse(asked.ok ? {} : asked.failure.details);
  const confirmation = { token, phrase: "prod-eu" };
  const needed = { ok: false, failure: { code: "confirmation_required" } };
  const six = { ...input, maxInstances: 6 };
  expect(await call("lattice.components.scale", six, { confirmation })).toMatchObject(needed);
  const wrong = { token, phrase: "Prod-EU" };
  expect(await call("lattice.components.scale", input, { confirmation: wrong })).toMatchObject(needed);
  expect(await instancesOn(playground, hostId, "catalog")).toBe(61);

  expect(await call("lattice.components.scale", input, { confirmation })).toMatchObject({ ok: true });
  await expect.poll(() => instancesOn(playground, hostId, "catalog")).toBe(5);
  expect(await call("lattice.components.scale", input, { confirmation })).toMatchObject(needed);
});

test("a protected connection stays unlocked for its minutes, and locks at once when it is told to", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const guarded = { guard: "protected", relockMinutes: 5, name: "prod-eu", page: "components" } as const;
  const { page, call } = await stage.follow(playground, guarded);
  const banner = page.getByRole("banner");
  await expect(banner).toContainText("locked");
  await expect(banner.getByRole("button", { name: "Lock now" })).toHaveCount(0);

  const [host] = await hostsOf(playground, "catalog");
  const dialog = await openScale(page, "catalog", host?.friendlyName);
  await expect(dialog).toContainText("Its name unlocks it for 5 minutes");
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("61");
  await dialog.getByLabel("Type prod-eu to unlock").fill("prod-eu");
  await dialog.getByRole("button", { name: /^Scale catalog to 61 on / }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(banner).toContainText(/unlocked, re-locks in [45]:\d\d/);

  const again = drawer(page, "catalog").getByRole("button", { name: `Scale on ${host?.friendlyName}` });
  await again.click();
  await expect(dialog).toContainText(/Unlocked: re-locks in [45]:\d\d/);
  await expect(dialog.getByLabel("Type prod-eu to unlock")).toHaveCount(0);
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("62");
  await dialog.getByRole("button", { name: /^Scale catalog to 62 on / }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

  const input = { connectionId, hostId: host?.id ?? "", componentId: "catalog", maxInstances: 5 };
  const details = async () => {
    const reply = await call("lattice.components.scale", input);
    return confirmationRequestSchema.parse(reply.ok ? {} : reply.failure.details);
  };
  expect((await details()).phraseNeeded).toBe(false);
  await page.keyboard.press("Shift+L");
  await expect(banner.getByRole("button", { name: "Lock now" })).toHaveCount(0);
  expect((await details()).phraseNeeded).toBe(true);
  await again.click();
  await expect(dialog.getByLabel("Type prod-eu to unlock")).toBeVisible();
  expect(await instancesOn(playground, host?.id ?? "", "catalog")).toBe(62);
});

test("a retry after the connection locked itself asks for its name again, and sends nothing before", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const guarded = { guard: "protected", relockMinutes: 5, name: "prod-eu", page: "components" } as const;
  const { page, call } = await stage.follow(playground, guarded);
  const [odd] = await hostsOf(playground, "catalog");
  await playground.order({ do: "fault", host: odd?.id, fault: { kind: "policyDenial", reason: "quota" } });

  const dialog = await openScale(page, "catalog");
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("61");
  await dialog.getByLabel("Type prod-eu to unlock").fill("prod-eu");
  await dialog.getByRole("button", { name: "Scale catalog to 61 on 3 hosts", exact: true }).click();
  await expect(dialog.getByRole("status")).toContainText("Done: 2 verified · 1 failed");

  await playground.order({ do: "clear-faults" });
  expect(await call("guards.lock", { connectionId })).toMatchObject({ ok: true, output: { locked: true } });
  await dialog.getByRole("button", { name: "Retry 1 failed" }).click();
  const locked = dialog.getByRole("region", { name: "Locked" });
  await expect(locked).toContainText("prod-eu is locked again: 1 command was not sent.");
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("waiting");
  const goOn = locked.getByRole("button", { name: "Go on with it" });
  await expect(goOn).toBeDisabled();
  expect(await instancesOn(playground, odd?.id ?? "", "catalog")).toBe(60);

  await locked.getByLabel("Type prod-eu to unlock").fill("prod-eu");
  await goOn.click();
  await expect(dialog.getByRole("status")).toContainText("Done: 3 verified");
  expect(await instancesOn(playground, odd?.id ?? "", "catalog")).toBe(61);
});
