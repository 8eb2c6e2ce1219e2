import { followForge, forgeOnly, orderForge } from "../support/forge.ts";
import { table, tableRow } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

test("a hundred thousand jobs can be looked through from the newest to the oldest", async ({ stage }) => {
  test.slow();
  const playground = await stage.playground(forgeOnly);
  await orderForge(playground, { do: "fill", queue: "archive", count: 100_000, status: "failed" });
  const { page } = await followForge(stage, playground, { screen: "jobs?view=failed&queue=archive" });
  await expect(page.getByText("1–500, newest first; older jobs follow")).toBeVisible();
  await page.getByRole("button", { name: "Older jobs" }).click();
  await expect(page.getByText("501–1,000, newest first; older jobs follow")).toBeVisible();
  await page.getByRole("button", { name: "count all" }).click();
  await expect(page.getByText("of 100,000")).toBeVisible();
  await page.getByRole("button", { name: "oldest" }).click();
  await expect(page.getByText("99,501–100,000, newest first")).toBeVisible();
  await expect(page.getByRole("button", { name: "Older jobs" })).toBeDisabled();

  await page.getByRole("textbox", { name: "Part of the payload" }).fill('"order":77777');
  await expect(page.getByText("1–1, newest first")).toBeVisible();
  // The rows of the page before stay for the moment that the new order takes.
  await expect(tableRow(page, "jobs", "archive_order")).toHaveCount(1);
  await tableRow(page, "jobs", "archive_order").click();
  const job = page.getByRole("complementary", { name: "archive_order" });
  await expect(job.getByRole("region", { name: "Payload" })).toContainText("77777");
  await expect(job).toContainText("archive: bucket not found");
});

test("a retry of all that fit begins with one job; when the server dies over the others, each receipt tells what is known", async ({
  stage,
}) => {
  test.slow();
  const playground = await stage.playground(forgeOnly);
  await orderForge(playground, { do: "fill", queue: "archive", count: 1_001, status: "failed" });
  const { page } = await followForge(stage, playground, { screen: "jobs?view=failed&queue=archive" });
  await expect(table(page, "jobs").getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("button", { name: "All matching" }).click();
  await page.getByRole("menuitem", { name: "Retry all matching…" }).click();
  const dialog = page.getByRole("dialog", { name: "Retry 1,001 jobs" });
  await dialog.getByRole("button", { name: "Retry the first of 1,001 jobs" }).click();
  const summary = dialog.getByRole("status").first();
  await expect(summary).toContainText("1 verified · 10 waiting");

  // Each batch is carried out, but its answer is on the way when the server dies.
  await orderForge(playground, {
    do: "fault",
    fault: { kind: "slow", path: "/jobs/retry", milliseconds: 60_000 },
  });
  await dialog.getByRole("button", { name: "Continue with the other 10" }).click();
  await expect
    .poll(async () => {
      const answer = await playground.order({ do: "system", system: "forge", order: { do: "state" } });
      return (answer.answer as { slow: number }).slow;
    })
    .toBe(4);
  await orderForge(playground, { do: "kill" });
  await expect(summary).toContainText("1 verified · 4 unknown · 6 failed");
  await expect(dialog.getByRole("row").filter({ hasText: "unknown" }).first()).toContainText(
    "It may have been received",
  );
  await expect(dialog.getByRole("row").filter({ hasText: "failed" }).first()).toContainText("Not sent");

  await orderForge(playground, { do: "clear-faults" });
  await orderForge(playground, { do: "restart" });
  await expect(page.getByRole("banner").getByText(/\d ms$/)).toBeVisible();
  await dialog.getByRole("button", { name: "Reconcile 4 unknown" }).click();
  await expect(summary).toContainText("5 verified · 6 failed");
  await dialog.getByRole("button", { name: "Retry 6 failed" }).click();
  await expect(summary).toContainText("11 verified");
});
