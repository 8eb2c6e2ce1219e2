import { ask } from "../support/lattice.ts";
import { cell, drawer, table, tableRow, watchCell } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

test("a killed host becomes stale, then lost, and nothing of it is removed", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "hosts" });
  const { page } = started;
  const [killed, frozen, stopped, ...others] = playground.hosts.map((host) => host.friendlyName);
  const status = (host: string | undefined) => cell(tableRow(page, "hosts", host ?? ""), "Status");
  for (const host of playground.hosts) await expect.poll(() => status(host.friendlyName)).toBe("live");
  const seen = await watchCell(tableRow(page, "hosts", killed ?? ""), "Status");
  const before = await ask(started, "lattice.components.list", { connectionId });

  await playground.order({ do: "kill-host", host: killed });
  await expect.poll(seen).toEqual(["live", "stale", "lost"]);
  for (const other of [frozen, stopped, ...others]) await expect.poll(() => status(other)).toBe("live");
  expect(await ask(started, "lattice.components.list", { connectionId })).toHaveLength(before.length);
  await expect(page.getByText("5 hosts · 1 lost")).toBeVisible();

  await tableRow(page, "hosts", killed ?? "").click();
  await expect(drawer(page, killed ?? "").getByRole("button", { name: "Scale cart" })).toBeVisible();
  await goTo(page, "overview");
  const attention = page.getByRole("region", { name: /Needs attention/ });
  await expect(attention).toContainText(`${killed}`);
  await expect(attention).toContainText("no heartbeat for more than 4 periods");
});

test("a frozen host comes back to life, and one that stops in order is called stopped", async ({ stage }) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "hosts" });
  const [frozen, stopped] = playground.hosts.map((host) => host.friendlyName);
  const status = (host: string | undefined) => cell(tableRow(page, "hosts", host ?? ""), "Status");
  await expect.poll(() => status(frozen)).toBe("live");

  await playground.order({ do: "freeze-host", host: frozen });
  await expect.poll(() => status(frozen)).toBe("stale");
  await playground.order({ do: "resume-host", host: frozen });
  await expect.poll(() => status(frozen)).toBe("live");

  await playground.order({ do: "stop-host", host: stopped });
  await expect.poll(() => status(stopped)).toBe("stopped");
  const added = await playground.order({ do: "add-host", friendlyName: "late-comer-1" });
  expect(added.ok).toBe(true);
  await expect.poll(() => status("late-comer-1")).toBe("live");
  await expect(table(page, "hosts").getByRole("row")).toHaveCount(7);
});
