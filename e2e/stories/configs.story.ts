import { keptText } from "../support/kept-text.ts";
import { ask, newestActivity } from "../support/lattice.ts";
import { closeDialog, drawer, table, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

test("a config is compared key by key, put, verified and shown with who uses it", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "config" });
  const { page } = started;
  await expect(page.getByRole("status").filter({ hasText: "Known names only" })).toBeVisible();
  await tableRow(page, "configs", "redis-cluster").click();
  const shown = drawer(page, "redis-cluster");
  await expect(shown.getByRole("list", { name: "Users" })).toContainText("cart → keyvalue-redis");
  await shown.getByRole("button", { name: "Change…" }).click();

  const dialog = page.getByRole("dialog", { name: "Change the config redis-cluster" });
  const comparison = dialog.getByRole("region", { name: "Stored and wanted" });
  await expect(dialog.getByRole("region", { name: "Comparison" })).toContainText(
    "The same is stored already",
  );
  await dialog.getByRole("textbox", { name: "Key 1" }).fill("endpoint");
  await dialog.getByRole("button", { name: "Add a key" }).click();
  await dialog.getByRole("textbox", { name: "Key 2" }).fill("pool");
  await dialog.getByRole("textbox", { name: "Value 2" }).fill("8");
  await expect(comparison.getByRole("row").filter({ hasText: "endpoint" })).toContainText("added");
  await expect(comparison.getByRole("row").filter({ hasText: /^url/ })).toContainText("removed");
  await expect(dialog).toContainText(
    "It is in use: running components and providers get the new values at once.",
  );
  await dialog.getByRole("textbox", { name: "Key 1" }).fill("url");
  await expect(comparison.getByRole("row").filter({ hasText: /^url/ })).toContainText("same");
  await expect(comparison.getByRole("row").filter({ hasText: /^pool/ })).toContainText("added");
  await dialog.getByRole("button", { name: "Put config redis-cluster with 2 keys" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText(
    "The stored config is as wanted.",
  );
  await closeDialog(dialog);

  await expect(shown.getByRole("row").filter({ hasText: /^pool/ })).toContainText("8");
  await expect(shown.getByRole("button", { name: "Put config redis-cluster (2 keys)" })).toBeVisible();
  expect(await ask(started, "lattice.configs.get", { connectionId, name: "redis-cluster" })).toMatchObject({
    values: { url: "redis://redis.shop.example.test:6379", pool: "8" },
  });
});

test("a config that somebody changes while it is being written is not overwritten unseen", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "config?open=http-listener" });
  const { page } = started;
  await drawer(page, "http-listener").getByRole("button", { name: "Change…" }).click();
  const dialog = page.getByRole("dialog", { name: "Change the config http-listener" });
  await dialog.getByRole("textbox", { name: "Value 1" }).fill("0.0.0.0:9090");
  const put = dialog.getByRole("button", { name: "Put config http-listener with 1 key" });
  await expect(put).toBeEnabled();

  const theirs = { address: "0.0.0.0:8081", tls: "on" };
  const body = { host: playground.hosts[0]?.id, verb: "config.put", id: "http-listener", body: theirs };
  await playground.order({ do: "execute", ...body });
  await expect(dialog.getByRole("alert")).toContainText("http-listener was changed elsewhere");
  await expect(put).toBeDisabled();
  const comparison = dialog.getByRole("region", { name: "Stored and wanted" });
  await expect(comparison.getByRole("row").filter({ hasText: /^tls/ })).toContainText("removed");
  await dialog.getByRole("button", { name: "Go on from there" }).click();
  await put.click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
});

test("a new config appears in the list, and a deletion warns who uses it", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "config" });
  const { page } = started;
  await page.getByRole("button", { name: "Create config…" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Create config" });
  const name = dialog.getByRole("textbox", { name: "Name" });
  await name.fill("team.new");
  await expect(dialog).toContainText("no dots or spaces");
  await name.fill("payments-eu");
  await expect(dialog).toContainText("There is a config named payments-eu: it would be replaced as a whole");
  await name.fill("team-new");
  await dialog.getByRole("textbox", { name: "Key 1" }).fill("LOG_LEVEL");
  await dialog.getByRole("textbox", { name: "Value 1" }).fill("debug");
  await expect(dialog.getByRole("region", { name: "Comparison" })).toContainText("A new config");
  await dialog.getByRole("button", { name: "Put config team-new with 1 key" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await closeDialog(dialog);
  await expect(tableRow(page, "configs", "team-new")).toBeVisible();

  await tableRow(page, "configs", "payments-eu").click();
  await drawer(page, "payments-eu").getByRole("button", { name: "Delete…" }).click();
  const removal = page.getByRole("dialog", { name: "Delete the config payments-eu" });
  await expect(removal.getByRole("status")).toContainText("It is in use: 1 link");
  await expect(removal.getByRole("list", { name: "Users" })).toContainText("checkout → payments");
  await removal.getByRole("button", { name: "Delete config payments-eu" }).click();
  await expect(removal.getByRole("region", { name: "Receipts" })).toContainText("There is no such config.");
  await closeDialog(removal);
  await expect(drawer(page, "payments-eu")).toContainText("Not stored");
});

test("what is stored elsewhere shows without being asked for, and any config can be read by its name", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "config" });
  await expect(tableRow(page, "configs", "redis-cluster")).toBeVisible();
  const theirs = {
    host: playground.hosts[0]?.id,
    verb: "config.put",
    id: "from-elsewhere",
    body: { A: "1" },
  };
  await playground.order({ do: "execute", ...theirs });
  await expect(tableRow(page, "configs", "from-elsewhere")).toBeVisible();
  await page.getByRole("textbox", { name: "Name of a config" }).fill("cart-defaults");
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await expect(
    drawer(page, "cart-defaults").getByRole("row").filter({ hasText: "CART_TTL_SECONDS" }),
  ).toContainText("86400");
});

test("where the bucket can be read, every config is listed, secret references as such", async ({ stage }) => {
  const playground = await stage.playground(["--config-bucket"]);
  const { page } = await stage.follow(playground, { page: "config" });
  await expect(page.getByText("7 names · 1 secret reference · all there are")).toBeVisible();
  await expect(page.getByText("Known names only")).toHaveCount(0);
  await expect(tableRow(page, "configs", "SECRET_payments")).toContainText("secret reference");
  const theirs = { host: playground.hosts[0]?.id, verb: "config.del", id: "cart-defaults", body: {} };
  await playground.order({ do: "execute", ...theirs });
  await expect(tableRow(page, "configs", "cart-defaults")).toHaveCount(0);
});

test("the values of a secret reference are nowhere to be read", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "config" });
  const { page } = started;
  const stored = "payments/api-key";
  const written = "hunter2-and-more";
  await page.getByRole("button", { name: "Create config…" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Create config" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("SECRET_story");
  await dialog.getByRole("textbox", { name: "Key 1" }).fill("key");
  await dialog.getByRole("textbox", { name: "Value 1" }).fill(written);
  await expect(dialog.getByRole("region", { name: "Stored and wanted" })).toContainText("(secret)");
  await dialog.getByRole("button", { name: "Put config SECRET_story with 1 key" }).click();
  await expect(dialog.getByRole("region", { name: "Receipts" })).toContainText("verified");
  await closeDialog(dialog);

  const pages: string[] = [await page.content()];
  for (const screen of ["config?open=SECRET_story", "config?open=SECRET_payments"]) {
    await goTo(page, screen);
    await expect(page.getByRole("complementary").getByRole("row").filter({ hasText: /^key/ })).toContainText(
      "(secret)",
    );
    pages.push(await page.content());
  }
  await goTo(page, "activity");
  await tableRow(page, "activity", "Put config SECRET_story (1 key)").click();
  await expect(
    page.getByRole("complementary").getByRole("region", { name: "request", exact: true }),
  ).toContainText("(secret)");
  pages.push(await page.content());

  const id = (await newestActivity(started, "verified"))?.id ?? "";
  const input = { connectionId, name: "SECRET_story" };
  const replies = [
    await ask(started, "activity.get", { activityId: id }),
    await ask(started, "activity.export", {}),
    await ask(started, "events.export", { connectionId }),
    await ask(started, "lattice.configs.get", input),
    await ask(started, "lattice.configs.get", { connectionId, name: "SECRET_payments" }),
    await ask(started, "lattice.configs.preview-put", { ...input, values: { key: written } }),
  ];
  const kept = keptText(stage.directory);
  expect(kept).toContain("SECRET_story");
  for (const secret of [stored, written]) {
    for (const text of pages) expect(text).not.toContain(secret);
    expect(JSON.stringify(replies)).not.toContain(secret);
    expect(kept).not.toContain(secret);
  }
});

test("hosts are given credentials of a registry, which are left nowhere", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground);
  const { page } = started;
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run a command" }).fill("credentials");
  await expect(page.getByRole("option", { name: "Set registry credentials" })).toBeVisible();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Registry credentials" });
  await expect(dialog).toContainText("Hosts keep them in memory until they restart");
  await dialog.getByRole("textbox", { name: "Registry" }).fill("https://registry.example.test");
  await expect(dialog).toContainText("without scheme or path");
  await dialog.getByRole("textbox", { name: "Registry" }).fill("registry.example.test");
  await dialog.getByRole("textbox", { name: "User name" }).fill("robot-of-the-story");
  await dialog.getByRole("textbox", { name: "Password" }).fill("s3cret-of-the-story");
  await expect(dialog.getByRole("checkbox", { name: "Ask each host for an answer" })).toBeChecked();
  await dialog
    .getByRole("button", { name: "Give all 5 hosts the credentials of registry.example.test" })
    .click();
  const receipts = dialog.getByRole("region", { name: "Receipts" });
  await expect(receipts).toContainText("5 of 5 hosts accepted");
  await expect(receipts).toContainText("confirmed");
  await closeDialog(dialog);
  await expect(table(page, "claims").getByRole("row").filter({ hasText: "payments" })).toBeVisible();
  await expect(page.getByText("Expiry and capabilities are not available from the lattice")).toBeVisible();

  const replies = [
    await ask(started, "activity.export", {}),
    await ask(started, "activity.list", {}),
    await ask(started, "events.export", { connectionId }),
  ];
  const text = `${JSON.stringify(replies)}${await page.content()}`;
  const kept = keptText(stage.directory);
  expect(kept).toContain("registry.example.test");
  for (const secret of ["robot-of-the-story", "s3cret-of-the-story"]) {
    expect(text).not.toContain(secret);
    expect(kept).not.toContain(secret);
  }
});

test("credentials that nobody is asked about end as unknown, and say so", async ({ stage }) => {
  const playground = await stage.playground();
  const { page } = await stage.follow(playground, { page: "claims" });
  await page.getByRole("button", { name: "Registry credentials…" }).click();
  const dialog = page.getByRole("dialog", { name: "Registry credentials" });
  await dialog.getByRole("textbox", { name: "Registry" }).fill("ghcr.io");
  await dialog.getByRole("combobox", { name: "Signs in with" }).selectOption("token");
  await dialog.getByRole("textbox", { name: "Token" }).fill("t0ken");
  await dialog.getByRole("checkbox", { name: "Ask each host for an answer" }).uncheck();
  await dialog.getByRole("button", { name: "Give all 5 hosts the credentials of ghcr.io" }).click();
  const receipts = dialog.getByRole("region", { name: "Receipts" });
  await expect(receipts).toContainText("Nothing tells whether it took effect.");
  await expect(receipts).toContainText("unknown");
});
