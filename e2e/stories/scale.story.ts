import { hostsOf, instancesOn, newestActivity } from "../support/lattice.ts";
import { cell, drawer, openScale, table, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

test("a scale up is previewed, confirmed by an event and verified by the inventory", async ({ stage }) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "components" });
  const [host] = await hostsOf(playground, "catalog");
  const name = host?.friendlyName ?? "";
  await expect.poll(() => cell(tableRow(page, "components", "catalog"), "Total max")).toBe("180");

  const dialog = await openScale(page, "catalog", name);
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("61");
  const instances = dialog.getByRole("row").filter({ hasText: "Instances" });
  await expect(instances).toContainText(/60.*61/);
  await expect(dialog.getByRole("row").filter({ hasText: "Config" })).toContainText("may be lost");
  await dialog.getByLabel("Reason").fill("story: more shelves");
  await dialog.getByRole("button", { name: `Scale catalog to 61 on ${name}`, exact: true }).click();

  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("max 61 instances");
  expect(await instancesOn(playground, host?.id ?? "", "catalog")).toBe(61);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect.poll(() => cell(tableRow(page, "components", "catalog"), "Total max")).toBe("181");

  await goTo(page, "activity");
  await tableRow(page, "activity", "Scale catalog to 61").click();
  const activity = drawer(page, "Scale catalog to 61");
  await expect(activity.getByRole("listitem").filter({ hasText: "acknowledged" })).toBeVisible();
  await expect(activity.getByRole("listitem").filter({ hasText: "verified" })).toBeVisible();
  await expect(activity).toContainText("story: more shelves");
  await expect(activity).toContainText(`wasmbus.ctl.v1.default.component.scale.${host?.id}`);
  await expect(activity.getByRole("region", { name: "request", exact: true })).toContainText('"count": 61');
});

test("a scale that the host gives up says why", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "components" });
  const { page, call } = started;
  const [host] = await hostsOf(playground, "catalog");
  const hostId = host?.id ?? "";
  const fault = { kind: "policyDenial", reason: "night freeze", count: 1 };
  await playground.order({ do: "fault", host: hostId, fault });

  const dialog = await openScale(page, "catalog", host?.friendlyName);
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("90");
  await dialog.getByRole("button", { name: /^Scale catalog to 90 on / }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("failed");
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("night freeze");
  expect(await instancesOn(playground, hostId, "catalog")).toBe(60);

  const imageReference = "registry.example.test/shop/ghost:1.0.0";
  await playground.order({ do: "image", reference: imageReference, error: "manifest unknown" });
  const ghost = { connectionId, hostId, componentId: "ghost", maxInstances: 1, imageReference };
  const reply = await call("lattice.components.scale", ghost);
  expect(reply).toMatchObject({ ok: true, output: { state: "acknowledged" } });
  expect(await newestActivity(started, "failed")).toMatchObject({
    message: expect.stringContaining("manifest unknown"),
  });
  await goTo(page, "activity");
  await expect(tableRow(page, "activity", "Scale ghost to 1")).toContainText("manifest unknown");
});

test("an acknowledgement without evidence becomes unknown, and reconcile settles it", async ({ stage }) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "components" });
  const [host] = await hostsOf(playground, "catalog");
  const hostId = host?.id ?? "";
  await playground.order({
    do: "fault",
    host: hostId,
    fault: { kind: "dropEvents", on: "component_scaled" },
  });

  const dialog = await openScale(page, "catalog", host?.friendlyName);
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("70");
  await dialog.getByRole("button", { name: /^Scale catalog to 70 on / }).click();
  const receipts = dialog.getByRole("region", { name: "Receipts" });
  await expect(receipts).toContainText("acknowledged");
  await expect(receipts).toContainText(/unknown.*may still finish/i);
  await receipts.getByRole("button", { name: "Reconcile" }).click();
  await expect(receipts).toContainText("verified");
  await expect(receipts).toContainText("The host's inventory shows max 70 instances.");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

  await goTo(page, "activity");
  await expect(table(page, "activity").getByRole("row").nth(1)).toContainText("verified");
  await tableRow(page, "activity", "Scale catalog to 70").click();
  await expect(page.getByRole("listitem").filter({ hasText: "unknown" })).toBeVisible();
});
