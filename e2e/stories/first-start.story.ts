import { expect, test } from "../support/story.ts";

test("the first start shows a living playground", async ({ stage }) => {
  const { page, call } = await stage.open({ args: [] });

  await expect(page.getByRole("button", { name: "Playground: choose a connection" })).toBeVisible();
  await expect(page.getByText("Playground: a real NATS server with simulated hosts")).toBeVisible();
  const figures = page.getByRole("region", { name: "Key figures" });
  await expect(figures.getByRole("link", { name: /Hosts/ })).toContainText(/[1-9]\d* live/);
  await expect(figures.getByRole("link", { name: /Components/ })).toContainText(/[1-9]\d* ids/);

  const counted = figures.getByRole("link", { name: /Events/ });
  await expect(counted).toContainText("no unreadable events");
  const before = (await counted.textContent()) ?? "";
  await expect(counted).not.toHaveText(before);

  const info = await call("playground.get", {});
  expect(info).toMatchObject({ ok: true, output: { running: true, natsRunning: true } });
});

test("a console without connections and without playground offers the next step", async ({ stage }) => {
  const { page } = await stage.open();

  await expect(page.getByText("No connection yet")).toBeVisible();
  await page.getByRole("button", { name: "Add a connection" }).last().click();
  await expect(page.getByRole("heading", { name: "New connection" })).toBeVisible();
});
