import { seriousFaults } from "../support/axe.ts";
import { hostsOf } from "../support/lattice.ts";
import { cell, drawer, firstRow, openScale, table, tableRow } from "../support/screen.ts";
import { expect, goTo, test } from "../support/story.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious on any screen in ${colorScheme} colours`, async ({ stage }) => {
    // Each look is half a second of work, more on a busy machine.
    test.slow();
    const playground = await stage.playground();
    const started = await stage.follow(playground, { settings: { colorScheme } });
    const { page } = started;
    const found: string[] = [];
    const look = async (screen: string) => {
      found.push(...(await seriousFaults(page, screen)));
    };
    const [host] = await hostsOf(playground, "catalog");
    const hostName = host?.friendlyName ?? "";
    // A host that dies before it was ever heard is none.
    await expect(page.getByRole("region", { name: "Key figures" })).toContainText("5 live");
    await playground.order({ do: "kill-host", host: playground.hosts.at(-1)?.id });
    await expect(page.getByRole("region", { name: /Needs attention/ })).toContainText("no heartbeat");
    await look("overview");

    await goTo(page, "hosts");
    await tableRow(page, "hosts", hostName).click();
    await expect(drawer(page, hostName)).toContainText("Uptime");
    await look("hosts with drawer");
    await page.keyboard.press("l");
    const label = page.getByRole("dialog", { name: "Set a label" });
    await label.getByRole("combobox", { name: "Key" }).fill("hostcore.os");
    await expect(label.getByRole("row").filter({ hasText: hostName })).toBeVisible();
    await look("label dialog");
    await label.getByRole("button", { name: "Cancel" }).click();
    await page.keyboard.press("x");
    const stopHost = page.getByRole("dialog", { name: `Stop host ${hostName}` });
    await expect(stopHost).toContainText("Labels and registry credentials");
    await look("host stop dialog");
    await stopHost.getByRole("button", { name: "Cancel" }).click();

    await goTo(page, "components");
    const dialog = await openScale(page, "catalog", hostName);
    await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("61");
    await expect(dialog.getByRole("row").filter({ hasText: "Config" })).toContainText("may be lost");
    await expect(dialog.locator("[aria-busy=true]")).toHaveCount(0);
    await look("scale dialog");
    await dialog.getByRole("button", { name: /^Scale catalog to 61/ }).click();
    await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
    await look("scale receipts");
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
    await look("components with drawer");
    await page.keyboard.press("u");
    const update = page.getByRole("dialog", { name: "Update catalog" });
    await update.getByRole("combobox", { name: "New image reference" }).fill("registry.example.test/x:2");
    await expect(update.getByRole("row").filter({ hasText: "Image" }).first()).toContainText("x:2");
    await expect(update.locator("[aria-busy=true]")).toHaveCount(0);
    await look("update dialog");
    await update.getByRole("button", { name: "Cancel" }).click();
    await page.keyboard.press("x");
    await look("stop dialog");
    await page.getByRole("dialog", { name: "Stop catalog" }).getByRole("button", { name: "Cancel" }).click();
    await page.keyboard.press("m");
    const spread = page.getByRole("dialog", { name: "Start catalog on more hosts" });
    await spread.getByRole("textbox", { name: "Memory limit" }).fill("1 GiB");
    await spread.getByRole("checkbox", { name: "Choose all hosts" }).click();
    await look("start dialog");
    await spread.getByRole("button", { name: "Cancel" }).click();

    await goTo(page, "providers");
    await table(page, "providers").getByRole("row").filter({ hasText: "http-server" }).first().click();
    await expect(drawer(page, "http-server")).toBeVisible();
    await look("providers with drawer");
    await page.keyboard.press("n");
    const provider = page.getByRole("dialog", { name: "Start a provider" });
    await provider.getByRole("combobox", { name: "Image reference" }).fill("wasmcloud+builtin://http-server");
    await expect(provider).toContainText("Hosts never check its health");
    await look("provider start dialog");
    await provider.getByRole("button", { name: "Cancel" }).click();
    await goTo(page, "topology");
    await expect(page.getByRole("group", { name: /^Topology graph/ })).toContainText("catalog");
    await look("topology as a graph");
    await goTo(page, "topology?as=list");
    await expect(table(page, "topology").getByRole("row").nth(1)).toBeVisible();
    await look("topology as a list");
    await goTo(page, "placement?id=catalog&image=x:1");
    await page.getByRole("button", { name: "Add a constraint" }).click();
    await page.getByRole("button", { name: "Run auction" }).click();
    await expect(page.getByRole("region", { name: "Outcome of the auction" })).toContainText("already runs");
    await look("placement with outcome");
    await goTo(page, "events");
    // The list stands still while the pointer is inside; before, another event may slip under it.
    await table(page, "Events").hover();
    // The newest, which is in sight: rows below are drawn anew as the list scrolls to them.
    const type = await cell(firstRow(page, "Events"), "Type");
    await firstRow(page, "Events").click();
    await expect(drawer(page, String(type))).toBeVisible();
    await look("events with drawer");
    await goTo(page, "activity");
    await tableRow(page, "activity", "Scale catalog to 61").click();
    await expect(drawer(page, "Scale catalog to 61")).toContainText("Timeline");
    await look("activity with drawer");
    await drawer(page, "Scale catalog to 61").getByRole("button", { name: "Open page" }).click();
    await expect(page.getByRole("heading", { name: "Scale catalog to 61", level: 1 })).toBeVisible();
    await look("one activity");
    await page.getByRole("button", { name: "Repeat…" }).click();
    const repeat = page.getByRole("dialog", { name: "Repeat: Scale catalog to 61" });
    await expect(repeat.getByRole("button", { name: "Cancel" })).toBeFocused();
    await look("repeat");
    await repeat.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "All activities" }).click();
    await page.getByRole("button", { name: "Export log" }).click();
    await expect(page.getByRole("dialog", { name: "Export log" })).toBeVisible();
    await look("export of the log");
    await page.keyboard.press("Escape");

    await goTo(page, "connections");
    await page.getByRole("button", { name: "Add a connection" }).click();
    await expect(drawer(page, "New connection")).toBeVisible();
    await look("connections with form");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or run a command" }).fill("go");
    await look("palette");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await look("keys");
    expect(found).toEqual([]);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious in links, config, claims and their dialogs in ${colorScheme} colours`, async ({
    stage,
  }) => {
    test.slow();
    const playground = await stage.playground();
    const started = await stage.follow(playground, { page: "links", settings: { colorScheme } });
    const { page } = started;
    const found: string[] = [];
    const dialog = page.getByRole("dialog");
    const look = async (screen: string) => {
      found.push(...(await seriousFaults(page, screen)));
    };
    const leave = async () => {
      // Escape would only close the list of a field that completes.
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await expect(dialog).toHaveCount(0);
    };

    await table(page, "links").getByRole("row").filter({ hasText: "store, atomics" }).click();
    const link = drawer(page, "cart → keyvalue-redis");
    await look("links with drawer");
    await link.getByRole("button", { name: "Delete…" }).click();
    await expect(dialog).toContainText("both run");
    await look("deletion of a link");
    await leave();
    await link.getByRole("button", { name: "Change…" }).click();
    await dialog.getByRole("combobox", { name: "Interfaces" }).press("Backspace");
    await expect(dialog).toContainText("loses atomics");
    await look("change of a link");
    await dialog.getByRole("combobox", { name: "Target", exact: true }).fill("elsewhere");
    await expect(dialog).toContainText("Conflict");
    await look("conflict of links");
    await leave();

    await goTo(page, "config?open=redis-cluster");
    await expect(drawer(page, "redis-cluster").getByRole("list", { name: "Users" })).toBeVisible();
    await look("config with drawer");
    await drawer(page, "redis-cluster").getByRole("button", { name: "Delete…" }).click();
    await expect(dialog).toContainText("It is in use");
    await look("deletion of a config");
    await leave();
    await goTo(page, "config?open=SECRET_payments");
    await drawer(page, "SECRET_payments").getByRole("button", { name: "Change…" }).click();
    await expect(dialog.getByRole("region", { name: "Stored and wanted" })).toBeVisible();
    await dialog.getByRole("textbox", { name: "Key 1" }).fill("other");
    await expect(dialog).toContainText("removed");
    await look("change of a secret reference");
    await leave();

    await goTo(page, "claims");
    await tableRow(page, "claims", "payments").click();
    await expect(drawer(page, "payments")).toBeVisible();
    await look("claims with drawer");
    await page.getByRole("button", { name: "Registry credentials…" }).click();
    await dialog.getByRole("textbox", { name: "Registry" }).fill("not a registry");
    await look("registry credentials");
    expect(found).toEqual([]);
  });
}
