import type { Page } from "@playwright/test";
import type { Activity } from "../../shared/contract/index.ts";
import type { RunningConsole } from "../support/console.ts";
import { fluxConnectionId, followFlux, goToFlux } from "../support/flux.ts";
import { cell, drawer, firstRow, table, tableRow } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

const flux = ["--hosts", "0", "--systems", "flux"];

/** The newest activity on the story's listener. */
async function newest({ call }: RunningConsole): Promise<Activity | undefined> {
  const reply = await call("activity.list", { connectionId: fluxConnectionId, limit: 1 });
  return reply.ok ? reply.output[0] : undefined;
}

function receipts(page: Page) {
  return page.getByRole("dialog").getByRole("region", { name: "Receipts" });
}

test("a daemon gets a token, comes in with it, and shows itself", async ({ stage }) => {
  const playground = await stage.playground(flux);
  const started = await followFlux(stage, playground, { daemons: [] });
  const { page } = started;
  await expect(page.getByText("No daemon has a token yet")).toBeVisible();
  await page.getByRole("button", { name: "Add daemon…" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Prod EU");
  await dialog.getByRole("button", { name: "Make a token" }).click();
  await expect(dialog).toContainText("it cannot be shown again");
  const flags = ((await dialog.locator("pre").textContent()) ?? "").split("\n");
  const value = (flag: string) => flags.find((line) => line.startsWith(flag))?.slice(flag.length) ?? "";
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

  const order = {
    do: "add",
    daemon: "prod-eu",
    connect: value("--connect="),
    token: value("--token="),
    like: "shop",
  };
  await playground.order({ do: "system", system: "flux", order });
  await expect.poll(() => cell(tableRow(page, "daemons", "Prod EU"), "Status")).toContain("connected");
  await expect.poll(() => cell(tableRow(page, "daemons", "Prod EU"), "Version")).toBe("1.25.4");
  await expect.poll(() => cell(tableRow(page, "daemons", "Prod EU"), "Protocol")).toBe("V11");
  await expect(page.getByRole("link", { name: /^Listening for Flux daemons at ws:/ })).toBeVisible();
  await tableRow(page, "daemons", "Prod EU").click();
  await expect(drawer(page, "Prod EU")).toContainText("ssh://git@git.example.com/prod-eu/config");

  await playground.order({ do: "system", system: "flux", order: { ...order, token: "guessed" } });
  await expect(page.getByText(/attempts? refused/)).toBeVisible();
  await expect(page.getByText(/unknown token from/).first()).toBeVisible();
  await expect.poll(() => cell(tableRow(page, "daemons", "Prod EU"), "Status")).toContain("disconnected");
});

test("a release is worked out first, then followed until the new image runs", async ({ stage }) => {
  const playground = await stage.playground(flux);
  const started = await followFlux(stage, playground);
  const { page } = started;
  await expect.poll(() => cell(tableRow(page, "daemons", "shop"), "Sync")).toContain("all applied");
  await goToFlux(page, "workloads");
  const row = tableRow(page, "workloads", "checkout").filter({ hasText: "metrics" });
  await row.click();
  await drawer(page, "checkout").getByRole("button", { name: "Release…", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: "Release images" });
  // Git would take this for a search among the authors so far.
  await dialog.getByLabel("You").fill("ops");
  await expect(dialog).toContainText("write Name <email>");
  await expect(dialog.getByRole("button", { name: "Dry run", exact: true })).toBeDisabled();
  await dialog.getByLabel("You").fill("Ines Okafor <ines@example.com>");
  await dialog.getByRole("button", { name: "Dry run", exact: true }).click();
  const dry = dialog.getByRole("region", { name: "Dry run at shop" });
  await expect(dry.getByRole("region", { name: "What would change" })).toContainText(
    /checkout:2\.4\.1[\s\S]*checkout:2\.4\.3/,
  );
  await dialog.getByRole("button", { name: "Release 1 workload at shop" }).click();
  await expect(receipts(page)).toContainText("verified");
  await expect(receipts(page)).toContainText(/Commit [0-9a-f]{8} is applied/);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect.poll(() => cell(row, "Images")).toContain("checkout:2.4.3");

  await goToFlux(page, "syncs");
  await expect(table(page, "events")).toContainText("Applied 1 commit");
  await expect(table(page, "events")).toContainText("Ines Okafor <ines@example.com>");
  await goToFlux(page, "changes");
  await firstRow(page, "changes").click();
  await expect(page.getByRole("complementary")).toContainText("succeeded");
});

test("a locked workload is refused with who locked it and why", async ({ stage }) => {
  const playground = await stage.playground(flux);
  const started = await followFlux(stage, playground);
  const { page, call } = started;
  await goToFlux(page, "workloads");
  await tableRow(page, "workloads", "basket").click();
  const basket = drawer(page, "basket");
  await expect(basket).toContainText("Locked: releases are refused");
  await expect(basket).toContainText("Frozen until the audit is over");
  await basket.getByRole("button", { name: "Release…", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: "Release images" });
  await dialog.getByRole("button", { name: "Dry run", exact: true }).click();
  await expect(dialog).toContainText("0 workloads would change");
  await expect(dialog).toContainText(
    "locked by Ines Okafor <ines@example.com>: Frozen until the audit is over",
  );
  await expect(dialog.getByRole("button", { name: "Nothing to release" })).toBeDisabled();
  // The dialog goes, the drawer behind it stays.
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(basket).toBeVisible();

  const release = { kind: "image" as const, workloads: ["shop:deployment/basket"], image: "<all latest>" };
  const reply = await call("flux.release", { connectionId: fluxConnectionId, daemonId: "shop", release });
  expect(reply).toMatchObject({
    ok: false,
    failure: { code: "conflict", message: expect.stringContaining("Frozen until the audit is over") },
  });

  await basket.getByRole("button", { name: "Policies", exact: true }).click();
  await page.getByRole("menuitem", { name: "Unlock…" }).click();
  const policies = page.getByRole("dialog", { name: "Change policies" });
  await expect(policies.getByRole("row", { name: /basket/ })).toContainText("none");
  await policies.getByRole("button", { name: "Unlock shop:deployment/basket" }).click();
  await expect(receipts(page)).toContainText("verified");
});

test("a connection that is lost in the middle leaves the outcome unknown until the commit tells", async ({
  stage,
}) => {
  const playground = await stage.playground(flux);
  const started = await followFlux(stage, playground);
  const { page, call } = started;
  await expect.poll(() => cell(tableRow(page, "daemons", "flaky"), "Status")).toContain("connected");
  const image = "registry.example.com/flaky/api:2.5.0";
  const release = { kind: "image" as const, workloads: ["flaky:deployment/api"], image };
  // The playground's flaky daemon loses its connection instead of answering its first release.
  const reply = await call("flux.release", { connectionId: fluxConnectionId, daemonId: "flaky", release });
  expect(reply).toMatchObject({ ok: false, failure: { code: "unreachable", details: { state: "unknown" } } });
  await expect.poll(async () => (await newest(started))?.state).toBe("verified");
  await goToFlux(page, "changes");
  await firstRow(page, "changes").click();
  const change = page.getByRole("complementary");
  await expect(change).toContainText("is applied");
  await expect(change).toContainText("Committed");
});

test("one daemon that hangs and one that is silent do not keep the lists from the others", async ({
  stage,
}) => {
  const playground = await stage.playground(flux);
  const { page } = await followFlux(stage, playground);
  await expect.poll(() => cell(tableRow(page, "daemons", "stuck"), "Status")).toContain("connected");
  await playground.order({
    do: "system",
    system: "flux",
    order: {
      do: "fault",
      daemon: "edge",
      fault: { kind: "error", on: "ListServices", message: "getting workloads from cluster: forbidden" },
    },
  });
  await goToFlux(page, "workloads");
  await expect(page.getByText("1 of 10 daemons did not answer")).toBeVisible();
  await expect(page.getByText(/edge \(.*forbidden/)).toBeVisible();
  await expect(tableRow(page, "workloads", "catalogue").first()).toBeVisible();
});
