import { seriousFaults } from "../support/axe.ts";
import { followForge, forgeOnly, goToForge, jobsConnection, orderForge } from "../support/forge.ts";
import { drawer, table, tableRow } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

test("the backoff of a queue is changed with its curve in sight, and verified by reading it back", async ({
  stage,
}) => {
  const playground = await stage.playground(forgeOnly);
  const { page, call } = await followForge(stage, playground);
  await tableRow(page, "queues", "mailers").click();
  const queue = drawer(page, "mailers");
  await expect(queue).toContainText("15 s base, 600 s at most");
  await queue.getByRole("button", { name: "Backoff…" }).click();

  const dialog = page.getByRole("dialog", { name: "Backoff of mailers" });
  await expect(dialog.getByRole("button", { name: "No changes" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Base" }).fill("40");
  const waits = dialog.getByRole("region", { name: "Waits" });
  await expect(waits.getByRole("row", { name: /^Now/ })).toContainText(/30 s.*1 min.*2 min/);
  await expect(waits.getByRole("row", { name: /^After \d/ })).toContainText(
    /1 min 20 s.*2 min 40 s.*5 min 20 s.*10 min/,
  );
  await expect(dialog).toContainText("The first retry waits twice the base");
  await dialog.getByRole("button", { name: "Set backoff of mailers to 40–600 s" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(queue).toContainText("40 s base, 600 s at most");

  const listed = await call("forge.queues.list", { connectionId: jobsConnection });
  const mailers = listed.ok ? listed.output.find(({ name }) => name === "mailers") : undefined;
  expect(mailers?.backoff).toEqual({ enabled: true, baseSeconds: 40, maxSeconds: 600 });
});

test("a queue of a protected connection is paused only with the connection's name typed", async ({
  stage,
}) => {
  const playground = await stage.playground(forgeOnly);
  const { page } = await followForge(stage, playground, { guard: "protected" });
  await tableRow(page, "queues", "payments").click();
  const queue = drawer(page, "payments");
  await queue.getByRole("button", { name: "Pause…" }).click();
  const dialog = page.getByRole("dialog", { name: "Pause payments" });
  const pause = dialog.getByRole("button", { name: "Pause payments" });
  await expect(pause).toBeDisabled();
  await dialog.getByLabel("Type Shop jobs to unlock").fill("Shop job");
  await expect(pause).toBeDisabled();
  await dialog.getByLabel("Type Shop jobs to unlock").fill("Shop jobs");
  await pause.click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(queue.getByText("paused", { exact: true })).toBeVisible();
  await expect(queue.getByRole("button", { name: "Resume…" })).toBeVisible();
});

test("queues without a worker and queues over a threshold are told, and thresholds can be set", async ({
  stage,
}) => {
  const playground = await stage.playground(forgeOnly);
  const { page } = await followForge(stage, playground);
  await expect(page.getByText("No worker serves exports")).toBeVisible();
  await expect(page.getByText("1 queue over a threshold")).toBeVisible();
  await page.getByRole("button", { name: "Alerts…" }).click();
  const dialog = page.getByRole("dialog", { name: "Alerts" });
  await dialog.getByRole("textbox", { name: "Oldest ready job waits" }).fill("");
  await dialog.getByRole("textbox", { name: "Ready jobs" }).fill("6");
  await dialog.getByRole("button", { name: "Set alerts" }).click();
  await expect(page.getByText("exports: 6 pending")).toBeVisible();
});

test("queues that cannot be read are not called none, and old ones are told to be old", async ({ stage }) => {
  test.slow();
  const playground = await stage.playground(forgeOnly);
  await orderForge(playground, { do: "fault", fault: { kind: "forbidden", path: "/queue/overview" } });
  const { page } = await followForge(stage, playground);
  await expect(page.getByText("The queues could not be read")).toBeVisible();
  await expect(page.getByText("A proxy in front of the server forbids this.")).toBeVisible();
  await orderForge(playground, { do: "clear-faults" });
  await expect(tableRow(page, "queues", "mailers")).toBeVisible();
  await orderForge(playground, { do: "fault", fault: { kind: "storage", path: "/queue/overview" } });
  await expect(page.getByText(/^Not read since/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("The server failed: storage backend error.")).toBeVisible();
  await orderForge(playground, { do: "clear-faults" });
  await expect(page.getByText(/^Not read since/)).toHaveCount(0);
});

test("a schedule's new expression is explained before it is set", async ({ stage }) => {
  const playground = await stage.playground(forgeOnly);
  const { page } = await followForge(stage, playground, { screen: "schedules" });
  await tableRow(page, "schedules", "stock-sync").click();
  const schedule = drawer(page, "stock-sync");
  await schedule.getByRole("button", { name: "Expression…" }).click();
  const dialog = page.getByRole("dialog", { name: "Expression of stock-sync" });
  const field = dialog.getByRole("textbox", { name: "Expression" });
  await field.fill("*/5 * * * *");
  await expect(dialog.getByRole("alert")).toContainText("Unix cron");
  await field.fill("0 15 6 * * 2");
  await expect(dialog).toContainText(/06:15.*Monday/);
  await dialog.getByRole("button", { name: "Set stock-sync to 0 15 6 * * 2" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(schedule).toContainText("0 15 6 * * 2");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious on the screens of a jobs server in ${colorScheme} colours`, async ({
    stage,
  }) => {
    test.slow();
    const playground = await stage.playground(forgeOnly);
    const { page, call } = await followForge(stage, playground, { settings: { colorScheme } });
    const found: string[] = [];
    const look = async (screen: string) => void found.push(...(await seriousFaults(page, screen)));
    await tableRow(page, "queues", "mailers").click();
    await expect(drawer(page, "mailers")).toContainText("15 s base");
    await look("queues with drawer");
    await drawer(page, "mailers").getByRole("button", { name: "Backoff…" }).click();
    await expect(page.getByRole("region", { name: "Waits" })).toBeVisible();
    await look("backoff dialog");
    await page.keyboard.press("Escape");
    const dead = await call("forge.jobs.list", {
      connectionId: jobsConnection,
      filter: { statuses: ["dead"] },
    });
    await goToForge(page, `jobs?view=dead&open=${dead.ok ? dead.output.rows[0]?.id : ""}`);
    await expect(page.getByRole("region", { name: "Payload" })).toBeVisible();
    await look("jobs with drawer");
    await goToForge(page, "schedules?open=stock-sync");
    await expect(drawer(page, "stock-sync")).toContainText("At");
    await look("schedules with drawer");
    await goToForge(page, "workers");
    await expect(table(page, "workers")).toContainText("shop-a");
    await look("workers");
    await goToForge(page, "metrics");
    await expect(page.getByRole("region", { name: "Prometheus families" })).toContainText("queue_dead_jobs");
    await look("metrics");
    await goToForge(page, "storage");
    await page.getByRole("button", { name: "Clean up…" }).click();
    await expect(page.getByRole("dialog").getByRole("row", { name: /mailers/ })).toBeVisible();
    await look("clean-up dialog");
    expect(found).toEqual([]);
  });
}
