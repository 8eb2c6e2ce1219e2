import { seriousFaults } from "../support/axe.ts";
import { followForge, forgeOnly, goToForge, orderForge } from "../support/forge.ts";
import { drawer, tableRow } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

test("all dead jobs of a server are retried by the server itself, after they are counted, and counted again", async ({
  stage,
}) => {
  const playground = await stage.playground(forgeOnly);
  await orderForge(playground, { do: "fill", queue: "archive", count: 700, status: "dead" });
  const { page } = await followForge(stage, playground, { screen: "jobs?view=dead", guard: "protected" });
  await page.getByRole("button", { name: "Whole server" }).click();
  await page.getByRole("menuitem", { name: "Retry every failed or dead job…" }).click();
  const dialog = page.getByRole("dialog", { name: "Retry every failed or dead job" });
  await dialog.getByText("Dead", { exact: true }).click();
  await expect(dialog.getByRole("status")).toContainText(/7\d\d dead jobs now/);
  await expect(dialog).toContainText("archive 700");
  await expect(dialog).toContainText("A retry gives no new attempts");
  await expect(dialog).toContainText("Not offered: pending, running and done jobs");
  expect(await seriousFaults(page, "retry of a whole server")).toEqual([]);
  const retry = dialog.getByRole("button", { name: /^Retry 7\d\d dead jobs of every queue$/ });
  await expect(retry).toBeDisabled();
  await dialog.getByLabel("Type Shop jobs to unlock").fill("Shop jobs");
  await retry.click();
  const receipts = dialog.getByRole("region", { name: "Receipts" });
  await expect(receipts).toContainText("verified");
  await expect(receipts).toContainText("No job is dead any more");
});

test("a queue's jobs of a status are deleted on the whole, from its drawer; nothing to delete is not offered", async ({
  stage,
}) => {
  const playground = await stage.playground(forgeOnly);
  await orderForge(playground, { do: "fill", queue: "archive", count: 3, status: "failed" });
  const { page } = await followForge(stage, playground);
  await tableRow(page, "queues", "archive").click();
  const queue = drawer(page, "archive");
  await queue.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete every job of a status…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete every job of a status" });
  await expect(dialog.getByRole("status")).toContainText("0 dead jobs now, in archive");
  await expect(dialog.getByRole("button", { name: "Nothing to delete" })).toBeDisabled();
  await dialog.getByRole("combobox", { name: "Status" }).click();
  await expect(page.getByRole("option")).toHaveText([
    "Done",
    "Dead",
    "Failed, wait for their retry",
    "Pending: ready and scheduled",
  ]);
  await page.getByRole("option", { name: "Failed, wait for their retry" }).click();
  await expect(dialog).toContainText("This cannot be undone");
  expect(await seriousFaults(page, "deletion by status")).toEqual([]);
  await dialog.getByRole("button", { name: "Delete 3 failed jobs of archive" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("No job is failed any more");
});

test("old done jobs are counted by when they were completed, and a demonstration job is enqueued", async ({
  stage,
}) => {
  const playground = await stage.playground(forgeOnly);
  await orderForge(playground, { do: "fill", queue: "archive", count: 4, status: "done" });
  const { page } = await followForge(stage, playground, { screen: "jobs?queue=archive" });
  await page.getByRole("button", { name: "Whole server" }).click();
  await page.getByRole("menuitem", { name: "Delete old done jobs…" }).click();
  const old = page.getByRole("dialog", { name: "Delete old done jobs" });
  await expect(old.getByRole("status")).toContainText("0 done jobs now, in archive");
  await old.getByRole("textbox", { name: "Finished more than … ago" }).fill("0");
  await expect(old).toContainText("0 days means every done job");
  await old.getByRole("button", { name: "Delete 4 done jobs of archive" }).click();
  await expect(old.getByRole("region", { name: "Receipts" })).toContainText(
    "The server removed 4 jobs. No done job is that old any more",
  );
  await old.getByRole("button", { name: "Close", exact: true }).last().click();

  await page.getByRole("button", { name: "Whole server" }).click();
  await page.getByRole("menuitem", { name: "Enqueue a demonstration job…" }).click();
  const demo = page.getByRole("dialog", { name: "Enqueue a demonstration job" });
  await demo.getByText("Throttles", { exact: true }).click();
  await expect(demo).toContainText("the whole queue default cools down");
  await demo.getByRole("button", { name: "Enqueue noop_echo on default" }).click();
  await expect(demo.getByRole("region", { name: "Receipts" })).toContainText("is pending on default");
});

test("of a server of 0.1.0 only that is offered which it has", async ({ stage }) => {
  test.slow();
  const first = await stage.playground([...forgeOnly, "--forge-version", "0.1.0"]);
  const { page } = await followForge(stage, first);
  await tableRow(page, "queues", "mailers").click();
  const queue = drawer(page, "mailers");
  await expect(queue.getByRole("button", { name: "Backoff…" })).toBeVisible();
  for (const name of ["Pause…", "More"]) await expect(queue.getByRole("button", { name })).toHaveCount(0);
  await expect(queue.getByRole("link", { name: "Its jobs" })).toHaveCount(0);
  const commands = page.getByRole("button", { name: /^(All matching|Whole server|Enqueue…)$/ });
  for (const [screen, title] of [
    ["jobs", "Jobs are not available on this server version"],
    ["schedules", "Schedules are not available on this server version"],
    ["workers", "Workers are not available on this server version"],
  ] as const) {
    await goToForge(page, screen);
    await expect(page.getByText(title)).toBeVisible();
    await expect(page.getByText("forge-jobs 0.1.x")).toBeVisible();
    await expect(commands).toHaveCount(0);
  }
  await goToForge(page, "metrics");
  await expect(page.getByText("no figures over time of its own")).toBeVisible();
  await expect(page.getByRole("region", { name: "Ready jobs" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Processing time" })).toHaveCount(0);
  await goToForge(page, "storage");
  await expect(page.getByText("0.1.x (detected from its API)")).toBeVisible();
  await expect(page.getByRole("button", { name: "Clean up…" })).toHaveCount(0);
});

test("of a server of 0.2.0 overlaps and processes are not offered, its slots are", async ({ stage }) => {
  const playground = await stage.playground([...forgeOnly, "--forge-version", "0.2.0"]);
  const { page } = await followForge(stage, playground);
  await tableRow(page, "queues", "mailers").click();
  for (const name of ["Pause…", "Backoff…", "More"])
    await expect(drawer(page, "mailers").getByRole("button", { name })).toBeVisible();
  await goToForge(page, "schedules");
  await tableRow(page, "schedules", "stock-sync").click();
  const schedule = drawer(page, "stock-sync");
  await expect(schedule.getByRole("button", { name: "Trigger…" })).toBeVisible();
  await expect(schedule.getByRole("button", { name: "Overlap…" })).toHaveCount(0);
  await goToForge(page, "workers");
  await expect(tableRow(page, "slots", "mailers")).toHaveCount(4);
  await goToForge(page, "jobs");
  await expect(page.getByRole("button", { name: "Whole server" })).toBeEnabled();
});
