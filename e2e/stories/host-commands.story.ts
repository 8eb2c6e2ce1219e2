import { ask } from "../support/lattice.ts";
import { cell, drawer, tableRow } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";

test("a label is set on chosen hosts, changed and deleted, and hostcore labels are explained", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "hosts" });
  const { page } = started;
  const host = playground.hosts.find(({ version }) => version === "1.9.2");
  const name = host?.friendlyName ?? "";
  const labels = async () => {
    const rows = await ask(started, "lattice.hosts.list", { connectionId });
    return rows.map((row) => row.labels.rack);
  };

  const all = page.getByRole("grid", { name: "hosts" }).getByRole("columnheader").getByRole("checkbox");
  await all.click();
  await page
    .getByRole("group", { name: "Selected rows" })
    .getByRole("button", { name: "Set a label…" })
    .click();
  const put = page.getByRole("dialog", { name: "Set a label" });
  await put.getByRole("combobox", { name: "Key" }).fill("rack");
  await put.getByRole("combobox", { name: "Value" }).fill("r1");
  await expect(put.getByRole("row").filter({ hasText: name })).toContainText("not set");
  await put.getByRole("button", { name: "Set rack=r1 on 5 hosts", exact: true }).click();
  await expect(put.getByRole("status")).toContainText("Done: 5 verified");
  await put.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect.poll(labels).toEqual(Array(5).fill("r1"));

  await tableRow(page, "hosts", name).click();
  const entity = drawer(page, name);
  await entity.getByRole("button", { name: "Change label hostcore.os", exact: true }).click();
  const own = page.getByRole("dialog", { name: "Change label hostcore.os" });
  await own.getByRole("combobox", { name: "Value" }).fill("plan9");
  await expect(own).toContainText(`${name} (1.9.2) sets hostcore.* labels itself`);
  await expect(own).toContainText("Nothing is sent.");
  await expect(own.getByRole("button", { name: /^Set hostcore\.os=plan9/ })).toBeDisabled();
  await own.getByRole("button", { name: "Cancel" }).click();

  await entity.getByRole("button", { name: "Change label rack", exact: true }).click();
  const change = page.getByRole("dialog", { name: "Change label rack" });
  await change.getByRole("combobox", { name: "Value" }).fill("r2");
  await change.getByRole("button", { name: `Set rack=r2 on ${name}`, exact: true }).click();
  await expect(change.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await change.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(entity.getByRole("row").filter({ hasText: "rack" })).toContainText("r2");

  await entity.getByRole("button", { name: "Delete label rack", exact: true }).click();
  const remove = page.getByRole("dialog", { name: "Delete label rack" });
  await expect(remove.getByRole("row").filter({ hasText: name })).toContainText("removed");
  await remove.getByRole("button", { name: `Delete rack on ${name}`, exact: true }).click();
  await expect(remove.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await remove.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(entity.getByRole("row").filter({ hasText: "rack" })).toHaveCount(0);
});

test("a host is stopped after a look at what goes with it, and is called stopped", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "hosts" });
  const { page } = started;
  const host = playground.hosts.find(({ version }) => version === "1.9.2");
  const name = host?.friendlyName ?? "";
  const body = {
    component_ref: "registry.example.test/shop/lonely:1.0.0",
    component_id: "lonely",
    count: 1,
    host_id: host?.id,
  };
  await playground.order({ do: "execute", host: host?.id, verb: "component.scale", body, id: "lonely" });

  await tableRow(page, "hosts", name).click();
  await expect(drawer(page, name).getByRole("button", { name: "Scale lonely" })).toBeVisible();
  const start = drawer(page, name).getByRole("button", { name: "Start a component…" });
  await start.click();
  const startDialog = page.getByRole("dialog", { name: "Start a component" });
  await expect(startDialog.getByRole("checkbox", { name: `Choose ${name}` })).toBeChecked();
  await startDialog.getByRole("button", { name: "Cancel" }).click();
  await expect(start).toBeFocused();

  await page.keyboard.press("x");
  const dialog = page.getByRole("dialog", { name: `Stop host ${name}` });
  await expect(dialog.getByRole("row").filter({ hasText: "lonely" })).toContainText("no other host");
  await expect(dialog).toContainText("will run nowhere any more");
  const send = dialog.getByRole("button", { name: `Stop host ${name}`, exact: true });
  await dialog.getByRole("textbox", { name: "Shutdown timeout (s)" }).fill("0");
  await expect(dialog).toContainText("0 is a deadline in the past");
  await expect(send).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Shutdown timeout (s)" }).fill("5");
  await send.click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect.poll(() => cell(tableRow(page, "hosts", name), "Status")).toBe("stopped");
  await expect(drawer(page, name).getByRole("button", { name: "Stop host…" })).toHaveCount(0);
  const [activity] = await ask(started, "activity.list", { limit: 1 });
  expect(activity).toMatchObject({ state: "verified", request: { payload: { timeout: 5_000 } } });
});
