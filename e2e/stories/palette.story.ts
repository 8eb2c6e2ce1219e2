import type { Locator, Page } from "@playwright/test";
import { followFlowfabric } from "../support/flowfabric.ts";
import { followFlux } from "../support/flux.ts";
import { followForge, forgeOnly, jobsConnection } from "../support/forge.ts";
import { drawer } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

/** Opens the palette and types into it. */
async function search(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run a command" }).fill(words);
}

test("who hears the palette is told which line is chosen, and what there is none of", async ({ stage }) => {
  const { page } = await stage.open();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await search(page, "colours");
  const field = page.getByRole("combobox", { name: "Search or run a command" });
  const chosen = page.getByRole("option", { selected: true });
  await expect(chosen).toHaveText("Colours: light");
  await expect(field).toHaveAttribute("aria-activedescendant", (await chosen.getAttribute("id")) ?? "none");
  await page.keyboard.press("ArrowDown");
  await expect(chosen).toHaveText("Colours: dark");
  await expect(field).toHaveAttribute("aria-activedescendant", (await chosen.getAttribute("id")) ?? "none");
  await expect(page.getByRole("group", { name: "View" }).getByRole("option")).toHaveCount(3);

  await field.fill("no such thing");
  await expect(
    page.getByRole("status").getByText("No results. Try a name, a page or a command."),
  ).toBeVisible();
  await expect(field).toHaveAttribute("aria-expanded", "false");
  await expect(field).not.toHaveAttribute("aria-activedescendant");
});

test("queues are found by name, and pages of other systems", async ({ stage }) => {
  const playground = await stage.playground(forgeOnly);
  const { page, call } = await followForge({ open: () => stage.open() }, playground);
  await search(page, "mailers");
  await expect(page.getByRole("option", { name: /^mailers/, selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(drawer(page, "mailers")).toBeVisible();
  await search(page, "nightly");
  await expect(page.getByRole("option", { name: /^nightly-report/, selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(drawer(page, "nightly-report")).toBeVisible();

  const target = { host: "127.0.0.1", port: 0, daemons: [] };
  const profile = { name: "Clusters", color: "#112233", environment: "DEV", guard: "open" } as const;
  await call("connections.save", {
    connectionId: "clusters",
    profile: { ...profile, openAtStart: false, system: "flux", target },
  });
  await search(page, "images clusters");
  await expect(page.getByRole("option", { name: "Images Clusters", selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Images", level: 1 })).toBeVisible();
});

test("daemons and their workloads are found by name", async ({ stage }) => {
  const playground = await stage.playground(["--hosts", "0", "--systems", "flux"]);
  const { page } = await followFlux({ open: () => stage.open() }, playground);
  await search(page, "shop");
  await expect(
    page.getByRole("group", { name: "Daemons" }).getByRole("option", { selected: true }),
  ).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(drawer(page, "shop")).toBeVisible();
  await search(page, "shop:deployment/checkout");
  await expect(page.getByRole("option", { name: "checkout shop:deployment at shop" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/workloads\?open=/);
});

test("executions are found by their id", async ({ stage }) => {
  const playground = await stage.playground(["--hosts", "0", "--systems", "flowfabric"]);
  const { page } = await followFlowfabric({ open: () => stage.open() }, playground);
  await search(page, "{fp:");
  await expect(page.getByRole("group", { name: "Executions" }).getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/executions\?open=/);
  await expect(page.getByRole("complementary")).toBeVisible();
});

test("an action is found with its verb, its thing and its value, and nothing is sent before its dialog", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const { page, call } = await stage.follow(playground, { page: "overview" });
  await search(page, "scale catalog 12");
  await expect(page.getByRole("option", { name: /^Scale catalog to 12/, selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(drawer(page, "catalog")).toBeVisible();
  const dialog = page.getByRole("dialog", { name: "Scale catalog" });
  await expect(dialog.getByRole("textbox", { name: "Instances on each host" })).toHaveValue("12");
  await expect(dialog.getByRole("row").filter({ hasText: "Instances" }).first()).toContainText(/60.*12/);
  await expect(dialog.getByRole("button", { name: /^Scale catalog to 12 on/ })).toBeEnabled();
  expect(await call("activity.list", {})).toMatchObject({ ok: true, output: [] });
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  await search(page, "stop catalog");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Stop catalog" })).toContainText("catalog will run nowhere");
  await page.keyboard.press("Escape");
});

test("phrases of every open system open their dialogs, filled, whatever is selected", async ({ stage }) => {
  test.slow();
  const playground = await stage.playground(["--hosts", "0", "--systems", "forge,flux,flowfabric"]);
  const started = await followForge({ open: () => stage.open() }, playground);
  const same = { open: () => Promise.resolve(started) };
  await followFlux(same, playground);
  await followFlowfabric(same, playground);
  const { page, call } = started;
  const begin = async (phrase: string, line: RegExp, dialog: string): Promise<Locator> => {
    await search(page, phrase);
    await expect(page.getByRole("option", { name: line, selected: true })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: dialog })).toBeVisible();
    return page.getByRole("dialog", { name: dialog });
  };
  const leave = async (dialog: Locator): Promise<void> => {
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  };

  const pause = await begin("pause mailers", /^Pause mailers/, "Pause mailers");
  await expect(pause.getByRole("button", { name: "Pause mailers" })).toBeEnabled();
  await leave(pause);

  // With nothing read yet, and a jobs server selected: what is typed does not make the console scan another connection's server.
  await page.reload();
  const scans: string[] = [];
  page.on("request", (request) => {
    if (/\/flowfabric\/(executions|budgets)\b/.test(request.url())) scans.push(request.url());
  });
  const workers = await begin("workers mailers 7", /^Set workers of mailers to 7/, "Workers of mailers");
  await expect(workers.getByRole("textbox", { name: "Workers in the whole cluster" })).toHaveValue("7");
  await leave(workers);
  const release = await begin("release checkout 2.4.3", /^Release checkout to 2\.4\.3/, "Release images");
  await expect(release.getByRole("textbox", { name: "Image" })).toHaveValue(/\/shop\/checkout:2\.4\.3$/);
  await leave(release);
  expect(scans).toEqual([]);
  await leave(await begin("rotate", /^Rotate the waitpoint secret/, "Rotate the waitpoint secret"));

  const question = {
    connectionId: jobsConnection,
    filter: { statuses: ["failed" as const, "dead" as const] },
    limit: 1,
  };
  const found = await call("forge.jobs.list", question);
  const id = found.ok ? found.output.rows[0]?.id : undefined;
  await leave(await begin(`retry ${id}`, /^Retry .*/, "Retry 1 job"));
  await expect(page).toHaveURL(new RegExp(`/jobs\\?open=${id}`));
  expect(await call("activity.list", {})).toMatchObject({ ok: true, output: [] });
});
