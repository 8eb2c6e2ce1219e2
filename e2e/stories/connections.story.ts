import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptText } from "../support/kept-text.ts";
import { ask } from "../support/lattice.ts";
import { drawer } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

test("a connection is added by its form, tested, changed, closed, opened and removed", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.open();
  const { page } = started;
  await page.getByRole("button", { name: "Add a connection" }).first().click();
  const form = drawer(page, "New connection");
  await form.getByRole("textbox", { name: "Name" }).fill("Shop EU");
  await form.getByRole("textbox", { name: "Environment" }).fill("STAGE");
  const addresses = form.getByRole("textbox", { name: "NATS addresses" });
  await addresses.fill("http://127.0.0.1:4222");
  await form.getByRole("button", { name: "Save and open" }).click();
  await expect(form).toContainText("write nats://, tls://, ws:// or wss:// and host:port");
  await addresses.fill(playground.natsUrl);
  await form.getByRole("textbox", { name: "Lattice" }).fill("prod");
  await form.getByRole("combobox", { name: "Authentication" }).click();
  await page.getByRole("option", { name: "Token", exact: true }).click();
  await form.getByRole("textbox", { name: "Token" }).fill(playground.natsToken);

  await form.getByRole("button", { name: "Test connection" }).click();
  await expect(form.getByText("There are no hosts in lattice prod").first()).toBeVisible();
  await form.getByRole("textbox", { name: "Lattice" }).fill("default");
  await form.getByRole("button", { name: "Test connection" }).click();
  await expect(form.getByRole("listitem").filter({ hasText: "lattice" })).toContainText("5 hosts answer");
  for (const step of ["resolve", "connect", "authenticate", "permissions"]) {
    await expect(form.getByRole("listitem").filter({ hasText: step }).first()).toContainText("passed");
  }

  await form.getByRole("button", { name: "Save and open" }).click();
  const item = page.getByRole("listitem").filter({ hasText: "Shop EU" });
  await expect(item).toContainText("open");
  await item.getByRole("button", { name: "Show Shop EU" }).click();
  await expect(page.getByRole("region", { name: "Key figures" })).toContainText("5 live");
  await expect(page).toHaveTitle("Overview · STAGE · Shop EU / default · Switchyard");

  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("link", { name: /^Connections/ }).click();
  await item.getByRole("button", { name: "More for Shop EU" }).click();
  await page.getByRole("menuitem", { name: "Edit or test…" }).click();
  const editor = drawer(page, "Edit Shop EU");
  await editor.getByRole("textbox", { name: "Colour" }).fill("#c92f2f");
  await editor.getByRole("button", { name: "Save changes" }).click();
  await expect(editor).toBeHidden();
  const [saved] = await ask(started, "connections.list", {});
  expect(saved).toMatchObject({
    profile: { id: "shop-eu", color: "#c92f2f", target: { lattice: "default" } },
  });

  await item.getByRole("button", { name: "Close Shop EU" }).click();
  await expect(item).toContainText("closed");
  await item.getByRole("button", { name: "Open Shop EU" }).click();
  await expect(item).toContainText("open");
  await item.getByRole("button", { name: "More for Shop EU" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await page.getByRole("button", { name: "Remove Shop EU and its secrets" }).click();
  await expect(page.getByText("No connection yet")).toBeVisible();
  expect(await ask(started, "connections.list", {})).toEqual([]);
});

test("a wrong token is told at the step that fails, the right one opens, and neither is shown anywhere", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.open();
  const { page } = started;
  await page.getByRole("button", { name: "Add a connection" }).first().click();
  const form = drawer(page, "New connection");
  await form.getByRole("textbox", { name: "Name" }).fill("Guarded");
  await form.getByRole("textbox", { name: "NATS addresses" }).fill(playground.natsUrl);
  await form.getByRole("combobox", { name: "Authentication" }).click();
  await page.getByRole("option", { name: "Token", exact: true }).click();
  const token = form.getByRole("textbox", { name: "Token" });
  await token.fill("wrong-token-of-the-story");
  await form.getByRole("button", { name: "Save and open" }).click();
  const item = page.getByRole("listitem").filter({ hasText: "Guarded" });
  await expect(item).toContainText("failed");

  await item.getByRole("button", { name: "More for Guarded" }).click();
  await page.getByRole("menuitem", { name: "Edit or test…" }).click();
  const editor = drawer(page, "Edit Guarded");
  await editor.getByRole("button", { name: "Test connection" }).click();
  await expect(editor.getByRole("listitem").filter({ hasText: "authenticate" })).toContainText("failed");
  await editor.getByRole("textbox", { name: "Token" }).fill(playground.natsToken);
  await editor.getByRole("button", { name: "Save changes" }).click();
  await expect(item).toContainText("open");

  const said = JSON.stringify(await ask(started, "connections.list", {}));
  for (const text of [said, await page.content(), keptText(stage.directory)]) {
    expect(text).not.toContain("wrong-token-of-the-story");
    expect(text).not.toContain(playground.natsToken);
  }
});

test("contexts of the nats command line are found and imported with their secrets", async ({ stage }) => {
  const playground = await stage.playground();
  const home = join(stage.directory, "home");
  const contexts = join(home, ".config", "nats", "context");
  mkdirSync(contexts, { recursive: true });
  const password = "kept-in-the-console";
  writeFileSync(
    join(contexts, "shop-eu.json"),
    JSON.stringify({ url: playground.natsUrl, user: "operator", password }),
  );
  writeFileSync(join(contexts, "torn.json"), '{"url": "nats://');
  const started = await stage.open({
    environment: { HOME: home, XDG_CONFIG_HOME: join(home, ".config") },
  });
  const { page } = started;

  await page.getByRole("button", { name: "Import…" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Import connections" });
  await expect(dialog).toContainText("takes over: password");
  await expect(dialog).not.toContainText(password);
  await expect(dialog.getByRole("checkbox", { name: "torn (nats)" })).toBeDisabled();
  await expect(dialog).toContainText("the file is not JSON");
  await dialog.getByRole("checkbox", { name: "shop-eu (nats)" }).check();
  await dialog.getByRole("button", { name: "Import 1 connection" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("listitem").filter({ hasText: "shop-eu" })).toBeVisible();

  const [row] = await ask(started, "connections.list", {});
  expect(row).toMatchObject({
    profile: { name: "shop-eu", target: { authentication: { method: "password", user: "operator" } } },
    secretsHeld: ["password"],
  });
  expect(JSON.stringify(row)).not.toContain(password);
});
