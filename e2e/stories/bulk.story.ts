import { ask, instancesOn } from "../support/lattice.ts";
import { openScale, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

test("a bulk scale keeps a receipt for each host and retries only what failed", async ({ stage }) => {
  const playground = await stage.playground(["--hosts", "8"]);
  for (const { id } of playground.hosts) {
    const body = {
      component_ref: "registry.example.test/shop/banner:1.0.0",
      component_id: "banner",
      count: 2,
      host_id: id,
    };
    await playground.order({ do: "execute", host: id, verb: "component.scale", body, id: "banner" });
  }
  const started = await stage.follow(playground, { page: "components" });
  const { page } = started;
  const odd = playground.hosts[3];
  await playground.order({ do: "fault", host: odd?.id, fault: { kind: "policyDenial", reason: "quota" } });

  const dialog = await openScale(page, "banner");
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("9");
  await dialog.getByRole("button", { name: "Scale banner to 9 on 8 hosts", exact: true }).click();
  await expect(dialog.getByRole("status")).toContainText("Done: 7 verified · 1 failed");
  const receipts = dialog.getByRole("region", { name: "Receipts" });
  await expect(receipts.getByRole("row").filter({ hasText: odd?.friendlyName })).toContainText("quota");
  for (const host of playground.hosts) {
    const count = await instancesOn(playground, host.id, "banner");
    expect(count, host.friendlyName).toBe(host === odd ? 2 : 9);
  }

  await playground.order({ do: "clear-faults" });
  await dialog.getByRole("button", { name: "Retry 1 failed" }).click();
  await expect(dialog.getByRole("status")).toContainText("8 verified");
  expect(await instancesOn(playground, odd?.id ?? "", "banner")).toBe(9);

  const activities = await ask(started, "activity.list", { connectionId });
  expect(activities.filter(({ target }) => target?.hostId === odd?.id)).toHaveLength(2);
  expect(activities).toHaveLength(9);
  expect(new Set(activities.map(({ batch }) => batch)).size).toBe(1);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await goTo(page, "activity");
  await expect(tableRow(page, "activity", "Scale banner to 9")).toHaveCount(9);
});
