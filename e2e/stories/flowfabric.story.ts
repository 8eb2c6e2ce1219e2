import type { Page } from "@playwright/test";
import { Redis } from "iovalkey";
import { followFlowfabric, goToFlowfabric, serverId } from "../support/flowfabric.ts";
import { heldText } from "../support/held-text.ts";
import { keptText } from "../support/kept-text.ts";
import type { PlaygroundProcess } from "../support/playground.ts";
import { closeDialog, table } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

const systems = ["--hosts", "0", "--systems", "flowfabric"];

function order(playground: PlaygroundProcess, params: Record<string, unknown>) {
  return playground.order({ do: "system", system: "flowfabric", order: params });
}

/** The secret of a key, as a partition that has it keeps it. */
async function secretOf(playground: PlaygroundProcess, keyId: string): Promise<string> {
  const { valkey, valkeyPassword: password } = playground.systems.flowfabric as Record<string, string>;
  const redis = new Redis(String(valkey), { password });
  try {
    return (await redis.hget("ff:sec:{fp:0}:waitpoint_hmac", `secret:${keyId}`)) ?? "";
  } finally {
    redis.disconnect();
  }
}

function panel(page: Page) {
  return page.getByRole("region", { name: /^Rotation to / });
}

test("a rotation with three failing partitions is retried to convergence; its secret is nowhere to be seen", async ({
  stage,
}) => {
  const playground = await stage.playground(systems);
  const started = await followFlowfabric(stage, playground);
  const { page, call } = started;
  await expect(page.getByText("No rotation was made from here yet")).toBeVisible();
  await order(playground, { do: "fault", partitions: [3, 17, 201], kind: "transport", times: 1 });

  await page.getByRole("button", { name: "Rotate…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("k1 on 256");
  await dialog.getByLabel("Key id").fill("kid-story");
  await dialog.getByRole("button", { name: "Rotate 256 partitions to kid-story" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("failed");
  await closeDialog(dialog);

  await expect(panel(page)).toContainText("unfinished");
  await expect(panel(page)).toContainText("253 of 256");
  await expect(page.getByRole("gridcell", { name: /^Partition 17: failed/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Partition 3", exact: true })).toContainText("OOM");
  await expect(page.getByRole("button", { name: "Rotate…" })).toBeDisabled();

  // While it is unfinished the secret waits for the retry, and is in no place that can be looked into.
  const secret = await secretOf(playground, "kid-story");
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect((await heldText(page)).includes(secret)).toBe(false);
  expect(keptText(stage.directory).includes(secret)).toBe(false);

  await page.getByRole("button", { name: "Retry 3 failed (same key)" }).click();
  await dialog.getByRole("button", { name: "Retry 3 failed (same key)" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await closeDialog(dialog);
  await expect(panel(page)).toContainText("converged");
  await expect(panel(page)).toContainText("256 of 256");
  await expect(panel(page)).toContainText("Previous key still taken for");
  await expect(page.getByRole("region", { name: "Keys" })).toContainText("kid-story");

  const rotations = await call("flowfabric.rotations.list", { connectionId: serverId });
  const rotationId = rotations.ok ? (rotations.output[0]?.id ?? "") : "";
  const exports = await Promise.all([
    call("flowfabric.rotations.export", { connectionId: serverId, rotationId, format: "csv" }),
    call("flowfabric.rotations.export", { connectionId: serverId, rotationId, format: "json" }),
    call("activity.export", {}),
  ]);
  expect(JSON.stringify([rotations, exports]).includes(secret)).toBe(false);
  expect((await heldText(page)).includes(secret)).toBe(false);
  expect(keptText(stage.directory).includes(secret)).toBe(false);
});

test("a given secret has left the window once its dialog is closed", async ({ stage }) => {
  const playground = await stage.playground(systems);
  const { page } = await followFlowfabric(stage, playground);
  const secret = "c0ffee5ec2e7".repeat(6).slice(0, 64);
  await page.getByRole("button", { name: "Rotate…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Key id").fill("kid-given");
  await dialog.getByLabel("Secret").fill(secret);
  // The search finds what is there: both the key id and the secret that was just typed.
  const before = await heldText(page);
  expect([before.includes("kid-given"), before.includes(secret)]).toEqual([true, true]);
  await dialog.getByRole("button", { name: "Rotate 256 partitions to kid-given" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await closeDialog(dialog);
  await expect(panel(page)).toContainText("converged");
  expect(await secretOf(playground, "kid-given")).toBe(secret);
  await expect.poll(async () => (await heldText(page)).includes(secret)).toBe(false);
  expect((await heldText(page)).includes("kid-given")).toBe(true);
  expect(keptText(stage.directory).includes(secret)).toBe(false);
});

test("a budget is created, shown and found again; a quota policy says that nothing shows it", async ({
  stage,
}) => {
  const playground = await stage.playground(systems);
  const { page } = await followFlowfabric(stage, playground);
  await goToFlowfabric(page, "budgets");
  await expect(page.getByRole("region", { name: /^Budget / })).toHaveCount(2);
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Called").fill("initech");
  await dialog.getByLabel("Name of dimension 1").fill("tokens");
  await dialog.getByLabel("Hard limit of dimension 1").fill("5000");
  await expect(dialog.getByRole("button", { name: "Create the budget" })).toBeDisabled();
  await dialog.getByLabel("At a hard limit").fill("fail");
  await dialog.getByLabel("At a soft limit").fill("warn");
  await dialog.getByRole("button", { name: "Create the budget for namespace initech" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await closeDialog(dialog);
  const made = page.getByRole("region", { name: /^Budget / }).filter({ hasText: "namespace initech" });
  await expect(made).toContainText("5,000");

  await page.getByRole("button", { name: "New" }).click();
  await page.getByRole("menuitem", { name: "Quota policy…" }).click();
  await dialog.getByLabel("Requests in a window").fill("100");
  await dialog.getByLabel("At the same time").fill("5");
  await dialog.getByRole("button", { name: "Create a policy of 100 requests in 60 s, 5 at once" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("No route reads it back");
  await closeDialog(dialog);
});

test("the palette leads to an execution, to its flow and to a partition", async ({ stage }) => {
  const playground = await stage.playground(systems);
  const { page, call } = await followFlowfabric(stage, playground);
  await call("flowfabric.rotations.start", { connectionId: serverId, way: "direct", keyId: "kid-found" });
  const listed = await call("flowfabric.executions.list", { connectionId: serverId, limit: 1_000 });
  const rows = listed.ok ? listed.output.rows : [];
  const member = rows.find(({ flowId }) => flowId !== undefined);
  const find = async (text: string, line: string): Promise<void> => {
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Search or run a command…").fill(text);
    await page.getByRole("dialog").getByText(line, { exact: true }).first().click();
  };
  await find("partition 17", "Partition 17");
  await expect(page.getByRole("region", { name: "Partition 17", exact: true })).toContainText("kid-found");
  await find(member?.id ?? "", member?.id ?? "");
  await expect(page.getByRole("complementary").first()).toContainText(member?.lane ?? "");
  await find(`flow ${member?.flowId}`, `Flow ${member?.flowId}`);
  await expect(table(page, "executions").getByRole("row")).toHaveCount(2);
});

test("the grid is moved in by arrows, and tells each partition", async ({ stage }) => {
  const playground = await stage.playground(systems);
  const { page, call } = await followFlowfabric(stage, playground);
  await call("flowfabric.rotations.start", { connectionId: serverId, way: "direct", keyId: "kid-grid" });
  await page.getByRole("gridcell", { name: /^Partition 0: rotated/ }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("gridcell", { name: /^Partition 17: rotated/ })).toBeFocused();
  await expect(page.getByRole("region", { name: "Partition 17", exact: true })).toContainText("kid-grid");
  await page.keyboard.press("End");
  await expect(page.getByRole("gridcell", { name: /^Partition 255/ })).toBeFocused();
});

test("an orphan is found and reclaimed by a worker that is ready", async ({ stage }) => {
  const playground = await stage.playground(systems);
  const { page } = await followFlowfabric(stage, playground);
  const { answer } = await order(playground, { do: "orphan" });
  const { id } = answer as { id: string };
  await goToFlowfabric(page, `executions?open=${encodeURIComponent(id)}`);
  await expect(table(page, "executions")).toContainText("Its owner is gone");
  await page.getByRole("button", { name: "Let a worker reclaim…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Worker", { exact: true }).fill("worker-1");
  await dialog.getByRole("button", { name: /^Let worker-1 reclaim/ }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await closeDialog(dialog);
  await expect(page.getByRole("complementary").first()).toContainText("A worker holds the lease");
});

test("a connection to Valkey alone lists stuck work, and no page of it fails", async ({ stage }) => {
  const playground = await stage.playground(systems);
  const { page, call } = await stage.open();
  const profile = {
    name: "Keys alone",
    color: "#12b886",
    environment: "TEST",
    guard: "open" as const,
    openAtStart: true,
    system: "flowfabric" as const,
    target: { valkey: { addresses: [String(playground.systems.flowfabric?.valkey)], cluster: false } },
  };
  const secrets = { valkeyPassword: String(playground.systems.flowfabric?.valkeyPassword) };
  await call("connections.save", { connectionId: serverId, profile, secrets });
  await call("connections.open", { connectionId: serverId });
  const { answer } = await order(playground, { do: "orphan" });
  const { id } = answer as { id: string };
  await goToFlowfabric(page, "executions");
  await expect(page.getByText("4 executions stuck")).toBeVisible();
  await expect(table(page, "expired-leases")).toContainText(id.slice(0, 20));
  for (const [screen, told] of [
    ["waitpoints", "Waitpoints are not known"],
    ["budgets", "2 budgets"],
    ["server", "has no address of a server"],
    ["rotations", "No rotation was made from here yet"],
  ] as const) {
    await goToFlowfabric(page, screen);
    await expect(page.getByText(told)).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  }
});
