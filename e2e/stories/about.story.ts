import { seriousFaults } from "../support/axe.ts";
import { ask } from "../support/lattice.ts";
import { expect, test } from "../support/story.ts";

test("the console says what it is made of and when, and shows the licences of others' works", async ({
  stage,
}) => {
  const started = await stage.open();
  const { page } = started;
  const info = await ask(started, "console.info", {});
  const age = Date.now() - Date.parse(info.builtAt ?? "");
  expect(age).toBeGreaterThan(0);

  await page.getByRole("button", { name: "View settings" }).click();
  await page.getByRole("menuitem", { name: "About Switchyard…" }).click();
  const dialog = page.getByRole("dialog", { name: "About Switchyard" });
  await expect(dialog).toContainText(`Version${info.version}`);
  await expect(dialog).toContainText(`Node.js${info.runtime.node}`);
  if (info.mode === "desktop")
    await expect(dialog).toContainText(/Electron\d+\.\d+.*Chromium\d+\.\d+\.\d+\.\d+/);

  await dialog.getByRole("button", { name: "Third-party notices" }).click();
  const notices = dialog.getByRole("region", { name: "Third-party notices" });
  await expect(notices).toContainText(/react \d+\.\d+\.\d+ \(MIT\)/);
  await expect(notices).toContainText("elkjs is used under the EPL-2.0");
  expect(await seriousFaults(page, "about")).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "View settings" })).toBeFocused();
});
