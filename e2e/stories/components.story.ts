import { ask, instancesOn, newestActivity } from "../support/lattice.ts";
import { cell, drawer, table, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

const shop = "registry.example.test/shop";

test("a component is started on two hosts and stopped again, each verified", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "components" });
  const { page } = started;
  const [first, second] = playground.hosts;
  await expect(tableRow(page, "components", "catalog")).toBeVisible();

  await page.getByRole("button", { name: "Start a component…" }).click();
  const dialog = page.getByRole("dialog", { name: "Start a component" });
  await dialog.getByRole("combobox", { name: "Image reference" }).fill(`${shop}/newcomer:1.0.0`);
  await expect(dialog.getByRole("textbox", { name: "Component id" })).toHaveValue("newcomer");
  await dialog.getByRole("textbox", { name: "Instances" }).fill("3");
  await dialog.getByRole("button", { name: "Add annotation" }).click();
  await dialog.getByRole("textbox", { name: "Key of annotation 1" }).fill("team");
  await dialog.getByRole("textbox", { name: "Value of annotation 1" }).fill("checkout");
  for (const host of [first, second])
    await dialog.getByRole("checkbox", { name: `Choose ${host?.friendlyName}` }).click();
  await dialog.getByLabel("Reason").fill("story: a new shelf");
  await dialog.getByRole("button", { name: "Start newcomer on 2 hosts", exact: true }).click();
  await expect(dialog.getByRole("status")).toContainText("Done: 2 verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  // The table keeps its rows where they are as long as the pointer rests in it.
  await page.mouse.move(1, 1);
  for (const host of [first, second]) {
    expect(await instancesOn(playground, host?.id ?? "", "newcomer")).toBe(3);
  }
  await expect.poll(() => cell(tableRow(page, "components", "newcomer"), "Total max")).toBe("6");

  await tableRow(page, "components", "newcomer").click();
  await expect(drawer(page, "newcomer")).toContainText("team=checkout");
  await page.keyboard.press("m");
  const more = page.getByRole("dialog", { name: "Start newcomer on more hosts" });
  await expect(more.getByRole("checkbox", { name: `Choose ${first?.friendlyName}` })).toBeDisabled();
  await expect(more.getByRole("row").filter({ hasText: first?.friendlyName })).toContainText(
    "runs it already",
  );
  await more.getByRole("button", { name: "Cancel" }).click();

  await drawer(page, "newcomer").getByRole("button", { name: "Stop…" }).click();
  const stop = page.getByRole("dialog", { name: "Stop newcomer" });
  await expect(stop).toContainText("newcomer will run nowhere any more");
  await stop.getByRole("button", { name: "Stop newcomer on 2 hosts", exact: true }).click();
  await expect(stop.getByRole("status")).toContainText("Done: 2 verified");
  await stop.getByRole("button", { name: "Close", exact: true }).last().click();
  await page.mouse.move(1, 1);
  await expect(tableRow(page, "components", "newcomer")).toHaveCount(0);
  for (const host of [first, second]) {
    expect(await instancesOn(playground, host?.id ?? "", "newcomer")).toBeUndefined();
  }
});

test("an update is told apart: confirmed where it happened, failed where the host kept silent", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const args = ["--no-playground", "--image-wait", "2"];
  const started = await stage.follow(playground, { page: "components", settings: { args } });
  const { page } = started;
  await tableRow(page, "components", "catalog").click();
  await expect(drawer(page, "catalog")).toContainText(`${shop}/catalog:5.1.0`);

  await drawer(page, "catalog").getByRole("button", { name: "Update…" }).click();
  const dialog = page.getByRole("dialog", { name: "Update catalog" });
  const image = dialog.getByRole("combobox", { name: "New image reference" });
  const send = dialog.getByRole("button", { name: "Update catalog on 3 hosts", exact: true });
  await expect(image).toHaveValue(`${shop}/catalog:5.1.0`);
  await expect(send).toBeDisabled();
  await image.fill(`${shop}/catalog:6.0.0`);
  await expect(dialog.getByRole("row").filter({ hasText: "Image" })).toContainText("catalog:6.0.0");
  await expect(dialog.getByRole("row").filter({ hasText: "Annotations" })).toContainText(
    /team=storefront.*team=storefront/,
  );
  await expect(dialog).toContainText("Hosts do not report failed updates");
  await expect(dialog).toContainText("The old code goes on answering after an update");
  await send.click();
  await expect(dialog.getByRole("status")).toContainText("Done: 3 confirmed");
  await expect(dialog).toContainText("that does not mean that it stopped");
  await expect(dialog).toContainText("which code answers cannot be read");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await page.mouse.move(1, 1);
  await expect.poll(() => cell(tableRow(page, "components", "catalog"), "Total max")).toBe("180");
  await expect(drawer(page, "catalog")).toContainText(`${shop}/catalog:6.0.0`);

  const missing = `${shop}/catalog:7.0.0`;
  await playground.order({ do: "image", reference: missing, error: "manifest unknown" });
  await page.keyboard.press("u");
  await image.fill(missing);
  await send.click();
  const receipts = dialog.getByRole("region", { name: "Receipts" });
  await expect(dialog.getByRole("status")).toContainText("Done: 3 failed");
  await expect(receipts).toContainText(`shows ${shop}/catalog:6.0.0. The update did not happen`);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  expect(await newestActivity(started, "failed")).toMatchObject({ operation: "lattice.components.update" });
  const rows = await ask(started, "lattice.components.list", { connectionId });
  expect(rows.filter(({ id }) => id === "catalog").map((row) => row.imageReference)).toEqual(
    Array(3).fill(`${shop}/catalog:6.0.0`),
  );
});

test("a stop and start changes the code, the first host alone, and a stop tells of an update before it", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "components" });
  await tableRow(page, "components", "catalog").click();
  await expect(drawer(page, "catalog")).toContainText(`${shop}/catalog:5.1.0`);
  await page.keyboard.press("u");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Stop and start" }).press("Space");
  await expect(dialog).toHaveAccessibleName("Stop and start catalog");
  await dialog.getByRole("combobox", { name: "Image reference" }).fill(`${shop}/catalog:6.0.0`);
  await expect(dialog).toContainText("if its image cannot be loaded, it stays stopped");
  await dialog.getByRole("button", { name: "Stop and start catalog on 3 hosts", exact: true }).click();
  await expect(dialog.getByRole("status")).toContainText("1 verified · 2 waiting");
  await dialog.getByRole("button", { name: "Continue with the other 2" }).click();
  await expect(dialog.getByRole("status")).toContainText("Done: 3 verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(dialog).toBeHidden();

  await page.keyboard.press("u");
  await dialog.getByRole("combobox", { name: "New image reference" }).fill(`${shop}/catalog:6.1.0`);
  await dialog.getByRole("button", { name: "Update catalog on 3 hosts", exact: true }).click();
  await expect(dialog.getByRole("status")).toContainText("Done: 3 confirmed");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await drawer(page, "catalog").getByRole("button", { name: "Stop…" }).click();
  await expect(dialog).toContainText("The code from before that may go on answering after the stop");
});

test("selected rows of several components are stopped at once, with the warning that wadm undoes it", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "components?by=host" });
  const grid = table(page, "placements");
  await page.getByRole("searchbox", { name: "Filter placements" }).fill("shop/ca");
  await expect(grid).toHaveAttribute("aria-rowcount", "7");
  for (const component of ["cart", "catalog"]) {
    const row = grid
      .getByRole("row")
      .filter({ has: page.getByText(component, { exact: true }) })
      .first();
    await row.getByRole("checkbox").click();
  }
  const selected = page.getByRole("group", { name: "Selected rows" });
  await expect(selected.getByRole("button", { name: "Update…" })).toBeDisabled();
  await selected.getByRole("button", { name: "Stop…" }).click();
  const dialog = page.getByRole("dialog", { name: "Stop components" });
  await expect(dialog).toContainText("wadm manages 1 of these and will put back what its manifest says.");
  await dialog.getByRole("button", { name: /^Stop 2 components on / }).click();
  await expect(dialog.getByRole("status")).toContainText("Done: 2 verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await goTo(page, "activity");
  await expect(tableRow(page, "activity", "Stop cart")).toHaveCount(1);
  await expect(tableRow(page, "activity", "Stop catalog")).toHaveCount(1);
});
