import { connect } from "../support/connect.ts";
import { ask, newestActivity } from "../support/lattice.ts";
import { publishEvent } from "../support/playground.ts";
import { drawer, table, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, latticeProfile, test } from "../support/story.ts";

test("the topology shows what is wrong, and opens a drawer by keyboard", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground);
  const { page } = started;
  const keys = page.keyboard;
  const link = { sourceId: "cart", target: "ledger", witNamespace: "shop", witPackage: "ledger" };
  await ask(started, "lattice.links.put", { connectionId, ...link, interfaces: ["append"] });
  await newestActivity(started, "verified");
  const [first, , , , lost] = playground.hosts;
  const providers = await ask(started, "lattice.providers.list", { connectionId });
  const provider = providers.find(({ hostId }) => hostId === first?.id);

  await keys.press("g");
  await keys.press("t");
  const graph = page.getByRole("group", { name: /^Topology graph/ });
  await expect(graph.getByRole("button", { name: /^component cart \d+, on / })).toHaveCount(3);
  const missing = graph.getByRole("button", { name: "end of a link ledger runs nowhere, linked from cart" });
  await expect(missing).toBeVisible();
  const problems = page.getByRole("list", { name: "Problems" });
  await expect(problems).toContainText("ledger runs nowhere: linked from cart");

  await playground.order({ do: "kill-host", host: lost?.id });
  await expect(problems).toContainText(`${lost?.friendlyName} lost: no heartbeat`);
  const unhealthy = { host_id: provider?.hostId, provider_id: provider?.id };
  await publishEvent(playground, {
    type: "health_check_failed",
    id: "b7a1c7a2-0000-4000-8000-000000000001",
    data: unhealthy,
  });
  await expect(problems).toContainText(`${provider?.id} unhealthy on ${provider?.hostName}`);
  await problems.getByRole("button", { name: /^ledger runs nowhere/ }).click();
  await expect(missing).toBeFocused();
  await expect(graph.getByText("shop:ledger/append", { exact: true })).toBeVisible();

  await keys.press("/");
  await keys.type("id:catalog");
  await expect(graph.getByRole("button", { name: /^component cart / })).toHaveCount(0);
  await expect(graph).toHaveAttribute("aria-busy", "false");
  await keys.press("Enter");
  await expect(graph.getByRole("button", { name: /^host / }).first()).toBeFocused();
  const catalog = graph.getByRole("button", { name: /^component catalog \d+, on / }).first();
  await keys.press("ArrowDown");
  await expect(catalog).toBeFocused();
  await keys.press("Enter");
  await expect(drawer(page, "catalog")).toBeVisible();
});

test("the list says the same as the graph", async ({ stage }) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "topology" });
  const graph = page.getByRole("group", { name: /^Topology graph/ });
  await expect(graph.getByRole("button", { name: /^host / })).toHaveCount(5);
  await page.getByRole("searchbox", { name: "Filter topology" }).fill("redis");
  await expect(graph.getByRole("button", { name: /^provider keyvalue-redis, / })).toHaveCount(2);

  await page.getByRole("searchbox", { name: "Filter topology" }).fill("kind:provider redis");
  await page.getByText("List", { exact: true }).click();
  const rows = tableRow(page, "topology", "keyvalue-redis");
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole("searchbox", { name: "Filter topology" })).toHaveValue("kind:provider redis");
  await expect(rows.first()).toContainText("cart wasi:keyvalue/store,atomics");
  await expect(table(page, "topology")).toHaveAttribute("aria-rowcount", "3");
  await rows.first().click();
  await expect(drawer(page, "keyvalue-redis")).toBeVisible();
});

test("a topology of a hundred hosts is counted, and drawn where the filter is narrow", async ({ stage }) => {
  const playground = await stage.playground(["--hosts", "100", "--components", "5000"]);
  const { page } = await stage.follow(playground, { page: "topology" });
  const graph = page.getByRole("group", { name: /^Topology graph/ });
  await expect(page.getByText(/^100 hosts · 5,500 workloads, too many to draw one by one/)).toBeVisible();
  await expect(graph.getByRole("button", { name: /^host / })).toHaveCount(100);

  const [host] = playground.hosts;
  await page.getByRole("searchbox", { name: "Filter topology" }).fill(`host:${host?.friendlyName}`);
  await expect(page.getByText(/^1 host · 55 workloads/)).toBeVisible();
  await expect(graph.getByRole("button", { name: /^component / })).toHaveCount(50);
});

test("of a lattice that nobody reads, the graph says so instead of drawing an empty one without a problem", async ({
  stage,
}) => {
  const started = await stage.open();
  const { page } = started;
  await connect(started, { connectionId, profile: latticeProfile("nats://127.0.0.1:1") });
  await goTo(page, "topology");
  const main = page.getByRole("main");
  await expect(main).toContainText("Not read: the connection could not be opened");
  await expect(main).not.toContainText(/0 hosts|no problem seen|Nothing is known/);
});
