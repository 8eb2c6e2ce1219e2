import { ask } from "../support/lattice.ts";
import { drawer, tableRow } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";

test("a provider is started, its health unknown until a check, and stopped", async ({ stage }) => {
  const playground = await stage.playground(["--health-seconds", "3600"]);
  const started = await stage.follow(playground, { page: "providers" });
  const { page } = started;
  const host = playground.hosts.find(({ version }) => version === "1.9.2");
  const name = host?.friendlyName ?? "";

  await page.getByRole("button", { name: "Start a provider…" }).click();
  const dialog = page.getByRole("dialog", { name: "Start a provider" });
  const image = "registry.example.test/providers/edge:1.0.0";
  await dialog.getByRole("combobox", { name: "Image reference" }).fill(image);
  await expect(dialog.getByRole("textbox", { name: "Provider id" })).toHaveValue("edge");
  await dialog.getByRole("checkbox", { name: `Choose ${name}` }).click();
  await dialog.getByRole("button", { name: `Start provider edge on ${name}`, exact: true }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

  // The table keeps its rows where they are as long as the pointer rests in it.
  await page.mouse.move(1, 1);
  await tableRow(page, "providers", "edge").click();
  const entity = drawer(page, "edge");
  await expect(entity.getByText("Neither a passed nor a failed check was seen")).toBeVisible();
  await playground.order({
    do: "provider-health",
    host: host?.id,
    provider: "edge",
    behaviour: "healthy",
  });
  await expect(entity.getByText("healthy", { exact: true })).toBeVisible();

  await entity.getByRole("button", { name: `Stop on ${name}…` }).click();
  const stop = page.getByRole("dialog", { name: "Stop provider edge" });
  await expect(stop).toContainText("runs nowhere else");
  await stop.getByRole("button", { name: `Stop provider edge on ${name}`, exact: true }).click();
  await expect(stop.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await stop.getByRole("button", { name: "Close", exact: true }).last().click();
  await page.mouse.move(1, 1);
  await expect(tableRow(page, "providers", "edge")).toHaveCount(0);
  const rows = await ask(started, "lattice.providers.list", { connectionId });
  expect(rows.filter(({ id }) => id === "edge")).toEqual([]);
});

test("a builtin provider that never answers is unknown, explained, and settled by a reading", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, {
    page: "providers",
    settings: { args: ["--no-playground", "--image-wait", "3"] },
  });
  const host = playground.hosts.find(({ version }) => version === "1.9.2");
  const name = host?.friendlyName ?? "";

  await expect(tableRow(page, "providers", "messaging-nats").first()).toBeVisible();
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "Start a provider" });
  await dialog.getByRole("combobox", { name: "Image reference" }).fill("wasmcloud+builtin://http-server");
  await dialog.getByRole("textbox", { name: "Provider id" }).fill("edge");
  await expect(dialog.getByRole("row").filter({ hasText: name })).toContainText(
    "1.9.2 never answers where the builtin is off",
  );
  await dialog.getByRole("checkbox", { name: `Choose ${name}` }).click();
  await expect(dialog).toContainText("Hosts never check its health");
  await dialog.getByRole("button", { name: `Start provider edge on ${name}`, exact: true }).click();

  const receipts = dialog.getByRole("region", { name: "Receipts" });
  const receipt = receipts.getByRole("row").filter({ hasText: name });
  await expect(dialog.getByRole("status")).toContainText("Done: 1 unknown");
  await expect(receipt).toContainText("never answer a start of a builtin provider that is not switched on");
  await expect(dialog.getByRole("button", { name: /^Retry/ })).toHaveCount(0);
  await expect(dialog.getByRole("status")).toContainText("1 failed");
  await expect(receipt).toContainText("does not list the provider");
});
