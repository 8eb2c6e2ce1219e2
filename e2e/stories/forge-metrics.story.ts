import { followForge, forgeOnly } from "../support/forge.ts";
import { expect, test } from "../support/story.ts";

test("dragging over a chart narrows the span of all charts, and a key on the button brings the present back", async ({
  stage,
}) => {
  const playground = await stage.playground(forgeOnly);
  const { page } = await followForge(stage, playground, { screen: "metrics?span=86400" });
  const chart = page.getByRole("region", { name: "Jobs, every queue" }).locator(".u-over");
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (!box) throw new Error("the chart is not drawn");
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.25, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, middle, { steps: 5 });
  await page.mouse.up();

  const back = page.getByRole("button", { name: "Back to now" });
  await expect(back).toBeVisible();
  const ends = page.locator("h1 + * time");
  await expect(ends).toHaveCount(2);
  const [from, to] = await ends.evaluateAll((times) =>
    times.map((time) => Date.parse(time.getAttribute("datetime") ?? "")),
  );
  const hours = (Number(to) - Number(from)) / 3_600_000;
  expect(hours).toBeGreaterThan(9);
  expect(hours).toBeLessThan(15);
  expect(Number(to)).toBeLessThan(Date.now() - 3 * 3_600_000);

  await back.focus();
  await page.keyboard.press("Enter");
  await expect(back).toBeHidden();
  await expect(ends).toHaveCount(0);
  await expect(chart).toBeVisible();
});

test("what a dialog would send can be copied as curl before it is sent", async ({ stage }) => {
  const playground = await stage.playground(forgeOnly);
  const { page } = await followForge(stage, playground, { screen: "queues?open=mailers" });
  await page.getByRole("button", { name: "Pause…" }).click();
  const dialog = page.getByRole("dialog", { name: "Pause mailers" });
  await dialog.getByRole("button", { name: "Copy as" }).click();
  await expect(page.getByRole("menuitem", { name: "curl", exact: true })).toBeVisible();
  await page.getByRole("menuitem", { name: "curl to the jobs server" }).click();
  await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible();
});
