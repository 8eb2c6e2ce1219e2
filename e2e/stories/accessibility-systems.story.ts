import type { Page } from "@playwright/test";
import { seriousFaults } from "../support/axe.ts";
import { goToPlace } from "../support/connect.ts";
import { followFlowfabric, serverId } from "../support/flowfabric.ts";
import { fluxConnectionId, followFlux } from "../support/flux.ts";
import { drawer, tableRow } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

/** Goes to a page of a system and waits until its title and its content are there. */
async function show(page: Page, system: string, connectionId: string, name: string): Promise<void> {
  await goToPlace(page, `/${system}/${connectionId}/${name}`);
  await expect(page).toHaveURL(new RegExp(`/${name}$`));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious on the screens of FlowFabric in ${colorScheme} colours`, async ({
    stage,
  }) => {
    const playground = await stage.playground(["--hosts", "0", "--systems", "flowfabric"]);
    const { page } = await followFlowfabric({ open: () => stage.open({ colorScheme }) }, playground);
    const found: string[] = [];
    for (const name of ["rotations", "executions", "waitpoints", "budgets", "server"]) {
      await show(page, "flowfabric", serverId, name);
      found.push(...(await seriousFaults(page, name)));
    }
    await show(page, "flowfabric", serverId, "rotations");
    await page.getByRole("button", { name: "Rotate…" }).click();
    await expect(page.getByRole("dialog").getByLabel("Key id")).toBeVisible();
    found.push(...(await seriousFaults(page, "rotation dialog")));
    expect(found).toEqual([]);
  });

  test(`axe finds nothing serious on the screens of Flux in ${colorScheme} colours`, async ({ stage }) => {
    const playground = await stage.playground(["--hosts", "0", "--systems", "flux"]);
    const { page } = await followFlux({ open: () => stage.open({ colorScheme }) }, playground);
    const found: string[] = [];
    for (const name of ["workloads", "images", "syncs", "changes", "repositories", "daemons"]) {
      await show(page, "flux", fluxConnectionId, name);
      found.push(...(await seriousFaults(page, name)));
    }
    await tableRow(page, "daemons", "shop").click();
    await expect(drawer(page, "shop")).toBeVisible();
    found.push(...(await seriousFaults(page, "daemons with drawer")));
    expect(found).toEqual([]);
  });
}
