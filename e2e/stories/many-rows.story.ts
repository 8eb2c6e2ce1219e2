import { table, tableRow } from "../support/screen.ts";
import { expect, goTo, test } from "../support/story.ts";

test("a table of 5,000 rows stays usable", async ({ stage }) => {
  const playground = await stage.playground([
    "--hosts",
    "2",
    "--components",
    "10000",
    "--heartbeat-seconds",
    "5",
  ]);
  const { page } = await stage.follow(playground, { page: "components" });
  const grid = table(page, "components");
  await expect(grid).toHaveAttribute("aria-rowcount", "5008");

  await page.getByRole("searchbox", { name: "Filter components" }).pressSequentially("fraud-jobs");
  await expect(page.getByRole("status").getByText(/^50 of 5,007$/)).toBeVisible();
  await expect(grid.getByRole("row").nth(1)).toContainText("fraud-jobs-");
  await page.keyboard.press("Enter");
  await expect(grid).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const opened = await grid.locator("[aria-current=true]").locator("strong").textContent();
  await expect(page.getByRole("complementary", { name: opened ?? "" })).toBeVisible();
  await page.keyboard.press("]");
  await expect(page.getByRole("complementary", { name: opened ?? "" })).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toHaveCount(0);

  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect(page.getByRole("status").getByText("5,007", { exact: true })).toBeVisible();
  await grid.focus();
  await page.keyboard.press("End");
  await expect(grid.locator("[aria-rowindex='5008']")).toBeVisible();
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  await expect(grid.locator("[aria-rowindex='5008']")).toBeHidden();
  await grid.getByRole("button", { name: "Total max" }).click();
  await expect(grid.getByRole("columnheader", { name: "Total max" })).toHaveAttribute(
    "aria-sort",
    "ascending",
  );
});

test("a hundred hosts with 5,000 components stay usable", async ({ stage }) => {
  const playground = await stage.playground(["--hosts", "100", "--components", "5000"]);
  const { page } = await stage.follow(playground, { page: "hosts" });
  const grid = table(page, "hosts");
  await expect(grid).toHaveAttribute("aria-rowcount", "101");
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages.getByRole("link", { name: "Components 5,000" })).toBeVisible();

  await page.getByRole("searchbox", { name: "Filter hosts" }).fill("labels:node-pool=memory");
  await expect(page.getByRole("status").getByText("25 of 100", { exact: true })).toBeVisible();
  const [host] = playground.hosts;
  await page.getByRole("searchbox", { name: "Filter hosts" }).fill(host?.friendlyName ?? "");
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
  await tableRow(page, "hosts", host?.friendlyName ?? "").click();
  await expect(page.getByRole("heading", { name: "Components (50)" })).toBeVisible();

  await goTo(page, "providers");
  await expect(table(page, "providers")).toHaveAttribute("aria-rowcount", "501");
  await page.getByRole("searchbox", { name: "Filter providers" }).fill("stock");
  await expect(page.getByRole("status").getByText(/^\d+ of 500$/)).toBeVisible();
});
