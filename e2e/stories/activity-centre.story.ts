import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import type { RunningConsole } from "../support/console.ts";
import { ask, hostsOf, instancesOn, newestActivity } from "../support/lattice.ts";
import { root } from "../support/paths.ts";
import { drawer, table, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

const nobody = `N${"A".repeat(55)}`;

/** A label set, a scale verified, and a command that nobody was there to receive. */
async function threeActivities(started: RunningConsole, hostId: string): Promise<void> {
  const { call } = started;
  await call("lattice.labels.put", { connectionId, hostId, key: "zone", value: "eu-2" }, { reason: "moved" });
  await newestActivity(started, "verified");
  const scale = { connectionId, componentId: "catalog", maxInstances: 64 };
  await call("lattice.components.scale", { ...scale, hostId }, { reason: "evening load" });
  await newestActivity(started, "verified");
  await call("lattice.components.scale", { ...scale, hostId: nobody, imageReference: "x:1" });
  await newestActivity(started, "failed");
}

test("activities are searched in the whole log, and the search is in the address", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "activity" });
  const [host] = await hostsOf(playground, "catalog");
  await threeActivities(started, host?.id ?? "");
  const { page } = started;
  const grid = table(page, "activity");
  await expect(grid).toHaveAttribute("aria-rowcount", "4");

  const search = page.getByRole("search", { name: "Search the log" });
  await search.getByRole("combobox", { name: "Command" }).fill("labels.put");
  await page.getByRole("option", { name: "lattice.labels.put" }).click();
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
  await expect(tableRow(page, "activity", "Set label zone=eu-2")).toBeVisible();
  await search.getByRole("textbox", { name: "Words" }).fill("evening");
  await expect(page.getByText("No matching activity")).toBeVisible();
  await page.reload();
  await expect(search.getByRole("combobox", { name: "Command" })).toHaveValue("lattice.labels.put");
  await expect(page.getByText("No matching activity")).toBeVisible();

  await search.getByRole("button", { name: "Clear" }).click();
  await expect(grid).toHaveAttribute("aria-rowcount", "4");
  await search.getByRole("textbox", { name: "Target" }).fill(host?.friendlyName.toUpperCase() ?? "");
  await expect(grid).toHaveAttribute("aria-rowcount", "3");
  await search.getByRole("button", { name: "Any time" }).click();
  await page.getByRole("dialog", { name: "Any time" }).getByRole("button", { name: "Last hour" }).click();
  await expect(grid).toHaveAttribute("aria-rowcount", "3");
  // What happens meanwhile takes its place by itself, if it fits.
  const label = { connectionId, hostId: host?.id ?? "", key: "zone", value: "eu-3" };
  await started.call("lattice.labels.put", label);
  await expect(grid).toHaveAttribute("aria-rowcount", "4");
});

test("an activity is found, opened and repeated by keyboard alone", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "activity" });
  const [host] = await hostsOf(playground, "catalog");
  const hostId = host?.id ?? "";
  await threeActivities(started, hostId);
  await started.call("lattice.components.scale", {
    connectionId,
    hostId,
    componentId: "catalog",
    maxInstances: 50,
  });
  await newestActivity(started, "verified");
  const { page } = started;
  const keys = page.keyboard;
  const grid = table(page, "activity");
  await expect(grid).toHaveAttribute("aria-rowcount", "5");

  await press(page, "s", "u");
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
  await expect(grid.getByRole("row").nth(1)).toContainText("failed");
  await press(page, "s", "a");
  await expect(grid).toHaveAttribute("aria-rowcount", "5");
  await tabTo(page, page.getByRole("textbox", { name: "Words" }));
  await keys.type("evening load");
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
  await tabTo(page, grid);
  await press(page, "ArrowDown", "Enter");
  await expect(drawer(page, "Scale catalog to 64")).toBeVisible();
  await keys.press("o");
  await expect(page.getByRole("heading", { name: "Scale catalog to 64", level: 1 })).toBeVisible();
  const main = page.getByRole("main");
  await expect(main.getByRole("region", { name: "request", exact: true })).toContainText('"count": 64');
  await expect(main.getByRole("region", { name: "reply", exact: true })).toContainText('"success": true');
  await expect(main.getByRole("listitem").filter({ hasText: "verified" })).toBeVisible();
  await expect(main).toContainText(/Confirmedafter \d+/);

  await keys.press("r");
  const dialog = page.getByRole("dialog", { name: "Repeat: Scale catalog to 64" });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expect(dialog).toContainText("TEST");
  await tabTo(page, dialog.getByLabel("Reason"));
  await keys.type("once more");
  await tabTo(page, dialog.getByRole("button", { name: "Scale catalog to 64 again" }));
  await keys.press("Enter");
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  expect(await instancesOn(playground, hostId, "catalog")).toBe(64);
  await keys.press("Escape");
  await expect(dialog).toBeHidden();
  await keys.press("Escape");
  await expect(page.getByRole("heading", { name: "Activity", level: 1 })).toBeVisible();
  const reasons = (await ask(started, "activity.list", { state: "verified" })).map(({ reason }) => reason);
  expect(reasons).toEqual(["once more", undefined, "evening load", "moved"]);
});

test("the exported log proves itself to the command, and a changed one does not", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "activity" });
  const [host] = await hostsOf(playground, "catalog");
  await threeActivities(started, host?.id ?? "");
  const { page } = started;
  const file = join(stage.directory, "export.ndjson");
  await page.getByRole("button", { name: "Export log" }).click();
  const popover = page.getByRole("dialog", { name: "Export log" });
  await saveAs(started, file, () => popover.getByRole("button", { name: "Save the log" }).click());
  await expect(popover.getByRole("status")).toContainText(/^\d+ records in activities-.*\.ndjson$/);
  await expect(popover).toContainText("npm run verify-activity -- activities-");

  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const good = await verify(file);
  expect(good).toMatchObject({ code: 0, said: expect.stringContaining(`OK: ${lines.length} records`) });
  writeFileSync(file, readFileSync(file, "utf8").replace("evening load", "morning load"));
  const changed = await verify(file);
  expect(changed).toMatchObject({ code: 1, said: expect.stringMatching(/FAILED at record \d+/) });
  await goTo(page, "activity");
});

test("how long activities are kept is chosen with its consequence in sight, and stays chosen", async ({
  stage,
}) => {
  const first = await stage.open();
  const { page } = first;
  await goTo(page, "activity");
  await page.getByRole("button", { name: "Retention…" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Retention of activities" });
  const days = dialog.getByLabel("Keep each for");
  await expect(days).toHaveValue("365 days");
  await expect(dialog).toContainText("Kept now: 0 activities.");
  await expect(dialog.getByLabel("Keep at most")).toHaveValue("200,000 activities");

  await days.fill("3");
  await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  await page.keyboard.press("Tab");
  await expect(dialog).toContainText("A whole number from 7 to 36,500");
  await days.fill("3650");
  await expect(dialog.getByRole("button", { name: "Save", exact: true })).toBeEnabled();
  await days.fill("90");
  await expect(dialog).toContainText("Older activities are removed for good");
  await dialog.getByRole("button", { name: "Save and remove older ones" }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Retention…" })).toBeFocused();

  const kept = { days: 90, atMost: 200_000 };
  expect(await ask(first, "console.preferences.get", {})).toMatchObject({ keepActivities: kept });
  await ask(first, "console.preferences.save", { notifyWhenSettled: false });
  await first.close();
  const second = await stage.open();
  expect(await ask(second, "console.preferences.get", {})).toEqual({
    notifyWhenSettled: false,
    keepActivities: kept,
  });
});

async function press(page: Page, ...strokes: string[]): Promise<void> {
  for (const stroke of strokes) await page.keyboard.press(stroke);
}

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let count = 0; count < 80; count += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
}

/** Does what saves a file, and lets it be written to this place: the person's answer to the dialog for saving. */
async function saveAs(
  { application, page }: RunningConsole,
  file: string,
  act: () => Promise<void>,
): Promise<void> {
  if (!application) {
    const download = page.waitForEvent("download");
    await act();
    await (await download).saveAs(file);
    return;
  }
  await application.evaluate(({ session }, path) => {
    const done = new Promise<void>((resolve) => {
      session.defaultSession.once("will-download", (_event, item) => {
        item.setSavePath(path);
        item.once("done", () => resolve());
      });
    });
    Object.assign(globalThis, { saved: done });
  }, file);
  await act();
  await application.evaluate(() => (globalThis as unknown as { saved: Promise<void> }).saved);
}

/** What `npm run verify-activity -- FILE` says, and its exit code. */
function verify(file: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const program = join(root, "scripts/verify-activity.mjs");
    const child = execFile(process.execPath, [program, file], { cwd: root }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: stdout + stderr }),
    );
  });
}
