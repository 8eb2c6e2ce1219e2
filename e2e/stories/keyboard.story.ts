import { ask, instancesOn, newestActivity } from "../support/lattice.ts";
import { drawer, table } from "../support/screen.ts";
import { connectionId, expect, latticeProfile, test } from "../support/story.ts";

test("a component is found, scaled and verified by keyboard alone", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground);
  const { page } = started;
  const keys = page.keyboard;
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages.getByRole("link", { name: "Components 31" })).toBeVisible();

  await keys.press("g");
  await keys.press("c");
  const grid = table(page, "components");
  await expect(grid.getByRole("row").nth(1)).toBeVisible();
  await keys.press("/");
  await expect(page.getByRole("searchbox", { name: "Filter components" })).toBeFocused();
  await keys.type("catalog");
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
  await keys.press("Enter");
  await expect(grid).toBeFocused();
  await keys.press("ArrowDown");
  await keys.press("Enter");
  await expect(drawer(page, "catalog")).toBeVisible();

  const scale = drawer(page, "catalog").getByRole("button", { name: "Scale on 3 hosts…" });
  await tabTo(scale);
  await keys.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Scale catalog" });
  const count = dialog.getByRole("textbox", { name: "Instances on each host" });
  await tabTo(count);
  await keys.press("ArrowUp");
  await keys.press("Shift+ArrowUp");
  await expect(count).toHaveValue("71");
  const action = dialog.getByRole("button", { name: "Scale catalog to 71 on 3 hosts" });
  await expect(action).toBeEnabled();
  await tabTo(action);
  await keys.press("Enter");
  await expect(dialog.getByRole("status")).toContainText("3 verified");
  await keys.press("Escape");
  await expect(dialog).toBeHidden();
  await keys.press("Escape");
  await expect(drawer(page, "catalog")).toBeHidden();

  for (const { hostId } of await ask(started, "lattice.components.list", { connectionId }).then((rows) =>
    rows.filter((row) => row.id === "catalog"),
  )) {
    expect(await instancesOn(playground, hostId, "catalog")).toBe(71);
  }
  await newestActivity(started, "verified");

  await keys.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run a command" }).pressSequentially("go to activity");
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: "Activity", level: 1 })).toBeVisible();

  /** Presses Tab until the element has the focus, as somebody without a mouse does. */
  async function tabTo(target: typeof scale): Promise<void> {
    await expect(target).toBeVisible();
    for (let press = 0; press < 80; press += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await keys.press("Tab");
    }
    await expect(target).toBeFocused();
  }
});

test("what the palette finds later is chosen as if it had been there when it was looked for", async ({
  stage,
}) => {
  const { page, call } = await stage.open();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run a command" }).fill("late");
  await expect(page.getByText("No results. Try a name, a page or a command.")).toBeVisible();
  await call("connections.save", {
    connectionId: "late",
    profile: latticeProfile("nats://127.0.0.1:1", { name: "Late lattice" }),
  });
  await expect(page.getByRole("option", { name: "Late lattice TEST" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/c\/late\/default\/overview$/);
});
