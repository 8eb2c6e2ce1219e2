import type { Locator, Page } from "@playwright/test";
import type { RunningConsole } from "../support/console.ts";
import { ask, instancesOn, retarget } from "../support/lattice.ts";
import type { PlaygroundProcess } from "../support/playground.ts";
import { drawer, tableRow } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";
import { listenOnWire } from "../support/wire.ts";

const imageReference = "registry.example.test/shop/newcomer:1.0.0";
const spare = "late-comer-1";

test("of an auction with a silent host, a wrong bid and an excluded host, the best two are placed and verified", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const [, silent, excluded, wrong] = playground.hosts;
  const started = await stage.follow(playground, { page: "placement" });
  const { page } = started;
  await playground.order({ do: "add-host", labels: { zone: "eu-1" }, friendlyName: spare });
  await labelDisks(started, playground, excluded?.friendlyName);
  const fault = { kind: "silent", on: "component.auction" };
  await playground.order({ do: "fault", host: silent?.id, fault });
  await playground.order({
    do: "fault",
    host: wrong?.id,
    fault: { kind: "wrongAuctionBid", form: "foreignHost" },
  });

  await write(page, "newcomer");
  await page.getByRole("button", { name: "Add a constraint" }).click();
  await choose(page, "Label of constraint 1", "di", "disk");
  await choose(page, "Value of constraint 1", "s", "ssd");
  await expect(page.getByText("5 of 6 hosts have these labels now.")).toBeVisible();
  await page.getByRole("button", { name: "Run auction" }).click();

  const outcome = page.getByRole("region", { name: "Outcome of the auction" });
  await expect(outcome.getByRole("heading", { name: "3 hosts would take it" })).toBeVisible();
  const others = outcome.getByRole("region", { name: "Not eligible, and why" });
  const reasonOf = (name = "") => others.getByRole("listitem").filter({ hasText: name });
  await expect(reasonOf(silent?.friendlyName)).toContainText("silent");
  await expect(reasonOf(excluded?.friendlyName)).toContainText("disk is hdd");
  await expect(reasonOf("no such host answers in this lattice")).toContainText("wrong bid");
  const bidders = outcome.getByRole("region", { name: "Bidders, the least loaded first" });
  await expect(bidders.getByRole("row").nth(1)).toContainText(spare);

  await outcome.getByRole("textbox", { name: "Start on best of 3" }).fill("2");
  await outcome.getByRole("button", { name: "Start newcomer on 2 hosts…" }).click();
  const dialog = page.getByRole("dialog", { name: "Start a component" });
  await dialog.getByRole("button", { name: "Start newcomer on 2 hosts" }).click();
  await expect(dialog.getByRole("status")).toContainText("2 verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

  await expect(bidders.getByText("runs there now")).toHaveCount(2);
  await expect(outcome.getByRole("textbox", { name: "Start on best of 1" })).toBeVisible();
  expect(await instancesOn(playground, spare, "newcomer")).toBe(1);
  const rows = await ask(started, "lattice.components.list", { connectionId });
  expect(rows.filter(({ id }) => id === "newcomer")).toHaveLength(2);
});

test("answers are shown as they come, while the window is open", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "placement" });
  const { page } = started;
  // Long enough for any machine to look; nobody waits for its end.
  await retarget(started, { auctionTimeoutMs: 60_000 });
  await hostsRead(started, 5);

  await write(page, "http-server");
  await page.getByRole("radiogroup", { name: "What is placed" }).getByText("Provider").click();
  await page.keyboard.press("Control+Enter");
  const open = page.getByRole("region", { name: "Open auction" });
  await expect(open.getByRole("progressbar", { name: "Window of the auction" })).toBeVisible();
  await expect(open.getByRole("status")).toContainText("3 bids so far");
  const row = open.getByRole("row").nth(1);
  await expect(row.getByRole("checkbox")).toBeDisabled();
  await row.getByRole("link").click();
  await expect(page.getByRole("heading", { name: "Hosts", level: 1 })).toBeVisible();
});

test("a simulation sends nothing, says so, and comes to the hosts' own verdict", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "placement", guard: "read-only" });
  const { page } = started;
  await hostsRead(started, 5);
  const wire = await listenOnWire(playground, [
    "wasmbus.ctl.v1.default.component.>",
    "wasmbus.ctl.v1.default.provider.>",
  ]);
  await write(page, "catalog");
  await page.getByRole("button", { name: "Simulate" }).click();
  const outcome = page.getByRole("region", { name: "Outcome of the auction" });
  await expect(outcome).toContainText("A simulation: nothing was sent");
  await expect(outcome.getByRole("heading", { name: "2 hosts would take it" })).toBeVisible();
  await expect(outcome.getByRole("listitem").first()).toContainText("already runs catalog");
  expect(await wire.heard()).toEqual([]);

  await outcome.getByRole("button", { name: "Ask the hosts" }).click();
  await expect(outcome).not.toContainText("A simulation");
  await expect(outcome.getByRole("heading", { name: "2 hosts would take it" })).toBeVisible();
  expect(await wire.heard()).toEqual(["wasmbus.ctl.v1.default.component.auction"]);
  await wire.stop();

  await outcome.getByRole("button", { name: "Start catalog on 1 host…" }).click();
  const dialog = page.getByRole("dialog", { name: "Start a component" });
  await expect(dialog).toContainText("is read-only");
  await expect(dialog.getByRole("button", { name: /^Start catalog/ })).toHaveCount(0);
});

test("a component's drawer leads to an auction for it", async ({ stage }) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "components" });
  await tableRow(page, "components", "catalog").click();
  await drawer(page, "catalog").getByRole("button", { name: "Place…" }).click();
  await expect(page.getByRole("heading", { name: "Placement", level: 1 })).toBeVisible();
  await expect(field(page, "Id")).toHaveValue("catalog");
  await expect(field(page, "Image")).toHaveValue("registry.example.test/shop/catalog:5.1.0");
  await page.getByRole("button", { name: "Run auction" }).click();
  const outcome = page.getByRole("region", { name: "Outcome of the auction" });
  await expect(outcome.getByRole("heading", { name: /would take it$/ })).toBeVisible();
});

test("what stands in the way of an auction is said beside its field", async ({ stage }) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "placement" });
  await page.getByRole("button", { name: "Run auction" }).click();
  await expect(page.getByText("Which id will it have?")).toBeVisible();
  await expect(page.getByText("An image reference is needed.")).toBeVisible();
  await write(page, "a.b");
  await page.getByRole("button", { name: "Simulate" }).click();
  await expect(page.getByText(/An id has letters, digits/)).toBeVisible();

  await field(page, "Id").fill("cat");
  await page.getByRole("option", { name: "catalog" }).click();
  for (const host of playground.hosts) await playground.order({ do: "stop-host", host: host.id });
  await page.getByRole("button", { name: "Run auction" }).click();
  await expect(page.getByText("No host of this lattice takes part in such auctions.")).toBeVisible();
  await expect(drawer(page, "catalog")).toHaveCount(0);
});

function field(page: Page, name: string): Locator {
  return page.getByRole("form", { name: "Auction" }).getByRole("combobox", { name, exact: true });
}

async function write(page: Page, id: string): Promise<void> {
  await field(page, "Id").fill(id);
  await field(page, "Image").fill(imageReference);
  await page.keyboard.press("Escape");
}

/** Types the beginning and takes what completes it. */
async function choose(page: Page, name: string, typed: string, completion: string): Promise<void> {
  await field(page, name).pressSequentially(typed);
  await page.getByRole("option", { name: completion }).click();
  await expect(field(page, name)).toHaveValue(completion);
}

/** Gives each host a disk, an old one to the excluded host, and waits until the console knows. */
async function labelDisks(
  started: RunningConsole,
  playground: PlaygroundProcess,
  excluded: string | undefined,
): Promise<void> {
  await hostsRead(started, 6);
  for (const host of [...playground.hosts.map(({ friendlyName }) => friendlyName), spare]) {
    const body = { key: "disk", value: host === excluded ? "hdd" : "ssd" };
    await playground.order({ do: "execute", host, verb: "label.put", body });
  }
  await expect
    .poll(async () => {
      const hosts = await ask(started, "lattice.hosts.list", { connectionId });
      return hosts.filter(({ labels }) => labels.disk !== undefined).length;
    })
    .toBe(6);
}

async function hostsRead(started: RunningConsole, count: number): Promise<void> {
  await expect
    .poll(async () => {
      const hosts = await ask(started, "lattice.hosts.list", { connectionId });
      return hosts.filter(({ inventoryAt }) => inventoryAt !== undefined).length;
    })
    .toBe(count);
}
