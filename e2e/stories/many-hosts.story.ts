import { ask, retarget } from "../support/lattice.ts";
import { slowness } from "../support/slow-page.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

const hostCount = 520;

test("a start on more hosts than the live list of activities holds is followed to its end on each", async ({
  stage,
}) => {
  // Four at a time: a busy machine may need minutes for all of them.
  test.setTimeout(900_000 * slowness);
  const playground = await stage.playground(["--hosts", String(hostCount), "--heartbeat-seconds", "30"]);
  const started = await stage.follow(playground);
  await retarget(started, { heartbeatSeconds: 30, requestTimeoutMs: 10_000 });
  const { page } = started;
  await goTo(page, "components");
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages.getByRole("link", { name: `Hosts ${hostCount}` })).toBeVisible();

  await page.getByRole("button", { name: "Start a component…" }).click();
  const dialog = page.getByRole("dialog", { name: "Start a component" });
  await dialog
    .getByRole("combobox", { name: "Image reference" })
    .fill("registry.example.test/shop/newcomer:1.0.0");
  await dialog.getByRole("checkbox", { name: "Choose all hosts" }).click();
  await dialog.getByRole("button", { name: `Start newcomer on ${hostCount} hosts`, exact: true }).click();
  const status = dialog.getByRole("status");
  await expect(status).toContainText("Done:", { timeout: 780_000 * slowness });
  await expect(status).toHaveText(`Done: ${hostCount} verified`);
  await expect(dialog.getByRole("row")).toHaveCount(hostCount + 1);

  const rows = await ask(started, "lattice.components.list", { connectionId });
  expect(rows.filter(({ id }) => id === "newcomer")).toHaveLength(hostCount);
});
