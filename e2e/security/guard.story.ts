import type { Page } from "@playwright/test";
import { goToPlace } from "../support/connect.ts";
import { ask } from "../support/lattice.ts";
import { drawer } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";

const name = "Shop EU";

async function edit(page: Page) {
  await goToPlace(page, "/connections");
  const item = page.getByRole("listitem").filter({ hasText: name });
  await item.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Edit or test…" }).click();
  return drawer(page, `Edit ${name}`);
}

async function chooseGuard(page: Page, guard: string): Promise<void> {
  await page.getByRole("combobox", { name: "Guard" }).click();
  await page.getByRole("option", { name: new RegExp(`^${guard}`, "i") }).click();
}

test("a read-only connection is loosened in the window alone, by typing its name", async ({ stage }) => {
  const started = await stage.follow(await stage.playground(), { guard: "read-only", name });
  const { page } = started;
  const editor = await edit(page);
  await chooseGuard(page, "confirm");
  await editor.getByRole("button", { name: "Save changes" }).click();
  const dialog = page.getByRole("dialog", { name: "Change a guarded connection" });
  await expect(dialog).toContainText("its guard from read-only to confirm");
  if (stage.shell === "chromium") {
    await expect(dialog).toContainText("in the desktop window only");
    await expect(dialog.getByRole("button", { name: "Save changes" })).toHaveCount(0);
    const [row] = await ask(started, "connections.list", {});
    if (!row) throw new Error("the connection is gone");
    const { id: _id, playground: _playground, ...profile } = row.profile;
    for (const changed of [
      { ...profile, guard: "open" as const },
      { ...profile, name: "Renamed" },
    ]) {
      const reply = await started.call("connections.save", { connectionId, profile: changed });
      expect(reply).toMatchObject({ ok: false, failure: { code: "forbidden" } });
    }
    expect(await started.call("connections.remove", { connectionId })).toMatchObject({
      ok: false,
      failure: { code: "forbidden", hint: expect.stringContaining(`--guard ${connectionId}=confirm`) },
    });
    return;
  }
  const save = dialog.getByRole("button", { name: "Save changes" });
  await expect(save).toBeDisabled();
  await dialog.getByRole("textbox", { name: `Type ${name} to unlock` }).fill(name);
  await dialog.getByRole("textbox", { name: "Reason" }).fill("maintenance until five");
  await save.click();
  await expect(editor).toBeHidden();
  const [row] = await ask(started, "connections.list", {});
  expect(row?.profile.guard).toBe("confirm");
  await goToPlace(page, "/activity");
  await expect(page.getByText(`Change ${name}: its guard from read-only to confirm`).first()).toBeVisible();
});

test("the form asks again for a secret once the address is another, and removing asks as the guard says", async ({
  stage,
}) => {
  const started = await stage.follow(await stage.playground(), { guard: "protected", name });
  const { page } = started;
  const editor = await edit(page);
  const token = editor.getByRole("textbox", { name: "Token" });
  await expect(token).toHaveAttribute("placeholder", /kept/);
  await editor.getByRole("textbox", { name: "NATS addresses" }).fill("nats://127.0.0.1:1");
  await expect(editor).toContainText("It was given for another address: enter it again for this one.");
  await editor.getByRole("button", { name: "Cancel" }).click();
  const item = page.getByRole("listitem").filter({ hasText: name });
  await item.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  const dialog = page.getByRole("dialog", { name: `Remove ${name}` });
  const remove = dialog.getByRole("button", { name: `Remove ${name} and its secrets` });
  await expect(remove).toBeDisabled();
  await dialog.getByRole("textbox", { name: `Type ${name} to unlock` }).fill(name);
  await remove.click();
  await expect(dialog).toBeHidden();
  await expect(item).toHaveCount(0);
});
