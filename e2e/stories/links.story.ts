import type { Locator, Page } from "@playwright/test";
import { ask, newestActivity } from "../support/lattice.ts";
import { cell, closeDialog, drawer, table, tableRow } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";

/** Fills a field that completes from a list, and leaves it, so that the list covers nothing. */
async function fill(dialog: Locator, name: string, text: string): Promise<void> {
  const field = dialog.getByRole("combobox", { name, exact: true });
  await field.fill(text);
  await field.press("Tab");
}

/** Opens the dialog that puts a link, and fills in everything but the target. */
async function beginLink(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Create link…" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Create link" });
  await fill(dialog, "Source", "catalog");
  await fill(dialog, "WIT package", "shop:pricing");
  const interfaces = dialog.getByRole("combobox", { name: "Interfaces" });
  await interfaces.fill("quote");
  await interfaces.press("Enter");
  await interfaces.press("Tab");
  return dialog;
}

test("a link is checked as it is typed, previewed, put, verified and shown", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "links" });
  const { page } = started;
  await expect(tableRow(page, "links", "catalog")).toHaveCount(1);

  const dialog = await beginLink(page);
  await fill(dialog, "Target", "price stream");
  await expect(dialog).toContainText("An id has letters, digits, - and _ only");
  await fill(dialog, "WIT package", "shop:pricing@1.0.0");
  await expect(dialog).toContainText("without a version");
  await fill(dialog, "WIT package", "shop:pricing");
  await fill(dialog, "Target", "price-streams");
  await expect(dialog).toContainText("Nothing called price-streams is known to run");
  await fill(dialog, "Target", "price-stream");
  await expect(dialog.getByRole("status")).toContainText("A new link.");
  await expect(dialog).not.toContainText("is known to run");
  await dialog.getByLabel("Reason").fill("story: prices in the catalogue");
  await dialog.getByRole("button", { name: "Link catalog to price-stream for shop:pricing" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await closeDialog(dialog);

  const row = table(page, "links")
    .getByRole("row")
    .filter({ hasText: "shop:pricing" })
    .filter({ hasText: "catalog" });
  await expect.poll(() => cell(row, "Interfaces")).toBe("quote");
  await row.click();
  const shown = drawer(page, "catalog → price-stream");
  await expect(shown.getByRole("link", { name: "price-stream" })).toBeVisible();
  await expect(shown.getByRole("button", { name: /^Link catalog to price-stream/ })).toBeVisible();
  expect(await newestActivity(started, "verified")).toMatchObject({
    reason: "story: prices in the catalogue",
    request: { address: "wasmbus.ctl.v1.default.link.put" },
  });

  await shown.getByRole("button", { name: "Change…" }).click();
  const change = page.getByRole("dialog", { name: "Change a link" });
  await expect(change.getByRole("status")).toContainText("The same link is there already.");
  const interfaces = change.getByRole("combobox", { name: "Interfaces" });
  await interfaces.press("Backspace");
  await interfaces.fill("subscribe");
  await interfaces.press("Enter");
  await expect(change.getByRole("row").filter({ hasText: "Interfaces" })).toContainText("loses quote");
});

test("a conflict names the link in the way and is not sent", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "links" });
  const { page, call } = started;
  const key = { connectionId, sourceId: "catalog", witNamespace: "shop", witPackage: "pricing" };
  await call("lattice.links.put", { ...key, target: "price-stream", interfaces: ["quote"] });
  await newestActivity(started, "verified");

  const dialog = await beginLink(page);
  await fill(dialog, "Target", "price-feed");
  await expect(dialog.getByRole("status")).toContainText("Conflict: this link cannot be put");
  await expect(dialog).toContainText("catalog is linked to price-stream already for shop:pricing/quote");
  await expect(dialog.getByRole("button", { name: /^Link catalog to price-feed/ })).toBeDisabled();
  await dialog.getByRole("button", { name: "Show that link" }).click();
  await expect(drawer(page, "catalog → price-stream")).toBeVisible();
  await expect(dialog).toBeHidden();
  expect(await ask(started, "activity.list", {})).toHaveLength(1);
});

test("a deletion says that it need not remove the link that was opened, and its receipt which one went", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "links" });
  const { page, call } = started;
  const key = { connectionId, sourceId: "cart", witNamespace: "wasi", witPackage: "keyvalue" };
  await call("lattice.links.put", { ...key, target: "blobstore-fs", interfaces: ["batch"] });
  await newestActivity(started, "verified");

  const second = table(page, "links")
    .getByRole("row")
    .filter({ hasText: "blobstore-fs" })
    .filter({ hasText: "batch" });
  await second.click();
  await drawer(page, "cart → blobstore-fs").getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete the link from cart to blobstore-fs" });
  await expect(dialog).toContainText("One of these 2 links goes, and it need not be the one that you opened");
  await expect(dialog).toContainText("cart and keyvalue-redis both run");
  const matches = dialog.getByRole("list", { name: "Links with this key" }).getByRole("listitem");
  await expect(matches.nth(0)).toContainText(/may go.*blobstore-fs/);
  await expect(matches.nth(1)).toContainText(/may go.*keyvalue-redis/);
  await dialog.getByRole("button", { name: "Delete one of 2 links of cart" }).click();
  const receipts = dialog.getByRole("region", { name: "Receipts" });
  await expect(receipts).toContainText(
    "The link to keyvalue-redis was removed. Still there with the same key",
  );
  await closeDialog(dialog);
  // The table keeps its rows where they are as long as the pointer rests in it.
  await page.mouse.move(1, 1);
  await expect(second).toHaveCount(1);
  await expect(
    table(page, "links").getByRole("row").filter({ hasText: "cart" }).filter({ hasText: "keyvalue-redis" }),
  ).toHaveCount(0);
});

test("an end that runs nowhere is marked, in the list and in its drawer", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "links" });
  const { page, call } = started;
  const link = { sourceId: "catalog", target: "not-yet", witNamespace: "shop", witPackage: "future" };
  await call("lattice.links.put", { connectionId, ...link, interfaces: ["any"] });
  await expect(page.getByText("1 with a missing end")).toBeVisible();
  const row = tableRow(page, "links", "not-yet");
  expect(await cell(row, "Broken")).toBe("target");
  await row.click();
  await expect(drawer(page, "catalog → not-yet")).toContainText("Nothing runs at its target");
});

test("links that no host tells are not called none, and come when one does", async ({ stage }) => {
  const playground = await stage.playground();
  for (const { id } of playground.hosts)
    await playground.order({ do: "fault", host: id, fault: { kind: "hugeReply", on: "link.get" } });
  const { page } = await stage.follow(playground, { page: "links" });
  await expect(page.getByText("The links have not been read")).toBeVisible();
  await expect(page.getByText(/The links could not be read: .*max_payload/)).toBeVisible();
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages.getByRole("link", { name: "Providers 10" })).toBeVisible();
  await expect(pages.getByRole("link", { name: "Links", exact: true })).toBeVisible();
  await expect(page.getByText("0 links")).toHaveCount(0);

  await playground.order({ do: "clear-faults" });
  await expect(tableRow(page, "links", "catalog")).toHaveCount(1, { timeout: 90_000 });
  await expect(page.getByText("could not be read")).toHaveCount(0);
});
