import { ask, believed, converged } from "../support/lattice.ts";
import { publishEvent } from "../support/playground.ts";
import { cell, drawer, table } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";

test("pausing the event list loses nothing", async ({ stage }) => {
  const playground = await stage.playground(["--heartbeat-seconds", "3600"]);
  const started = await stage.follow(playground, { page: "events" });
  const { page } = started;
  const filter = page.getByRole("searchbox", { name: "Filter events" });
  await filter.fill("type:config_set");
  const publish = (number: number) =>
    publishEvent(playground, {
      type: "config_set",
      data: { config_name: `story-${number}` },
      id: `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`,
    });
  const list = table(page, "Events");
  const newest = list.getByRole("row").nth(1);
  await expect(page).toHaveURL(/filter=/);
  await publish(0);
  await expect(newest).toContainText("config story-0 set");

  await page.getByRole("button", { name: "Pause" }).click();
  await page.mouse.move(1, 1);
  const publishUpTo = (from: number, to: number) =>
    Promise.all(Array.from({ length: to - from + 1 }, (_unused, index) => publish(from + index)));
  const resume = page.getByRole("button", { name: / new — resume$/ });
  const arrived = async () => Number.parseInt((await resume.textContent())?.replaceAll(",", "") ?? "", 10);
  const listed = async () => Number(await list.getAttribute("aria-rowcount")) - 1;
  await publishUpTo(1, 400);
  await expect.poll(arrived).toBe(400);
  expect(await listed()).toBe(1);
  await publishUpTo(401, 500);
  await expect.poll(arrived).toBe(500);
  expect(await listed()).toBe(1);

  await resume.click();
  await page.mouse.move(1, 1);
  await expect(newest).toContainText("config story-500 set");
  const log = await ask(started, "events.search", { connectionId, filter: "type:config_set", limit: 5_000 });
  const numbers = log.rows.map((row) => row.entityId);
  expect(numbers).toEqual(Array.from({ length: 501 }, (_unused, index) => `story-${500 - index}`));
  await expect(list).toHaveAttribute("aria-rowcount", String(log.rows.length + 1));

  await publish(501);
  await expect(newest).toContainText("config story-501 set");
  await filter.fill("id:story-7,story-8");
  await expect(list).toHaveAttribute("aria-rowcount", "3");
});

test("malformed and unknown events are counted, can be inspected and disturb nothing", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "events" });
  const { page } = started;
  await converged(started, playground);
  const before = await believed(started);

  const publish = (type: string, text: string) =>
    playground.order({ do: "publish", subject: `wasmbus.evt.default.${type}`, text });
  await publish("component_scaled", "this is not JSON");
  await publish("component_scaled", '{"specversion":"1.0","id":"half-of-');
  await publish("host_heartbeat", `{"data":"${"x".repeat(900_000)}`);
  await publishEvent(playground, { type: "component_teleported", data: { to: "moon" }, id: "teleport-1" });

  await page.getByRole("button", { name: "3 malformed" }).click();
  const list = table(page, "Events");
  await expect(list).toHaveAttribute("aria-rowcount", "4");
  const first = list.getByRole("row").nth(3);
  expect(await cell(first, "Summary")).toMatch(/^component_scaled could not be read: /);
  await first.click();
  await expect(drawer(page, "malformed")).toContainText("this is not JSON");
  await expect(drawer(page, "malformed")).toContainText("wasmbus.evt.default.component_scaled");
  await drawer(page, "malformed").getByRole("button", { name: "Close" }).click();

  await page.getByRole("button", { name: "1 unknown" }).click();
  await expect(list).toHaveAttribute("aria-rowcount", "2");
  await list.getByRole("row").nth(1).click();
  await expect(drawer(page, "component_teleported")).toContainText('"to": "moon"');

  expect(await believed(started)).toEqual(before);
  const lattices = await ask(started, "lattice.lattices.list", { connectionId });
  expect(lattices[0]).toMatchObject({
    phase: "live",
    malformedEvents: 3,
    unknownEvents: 1,
    hosts: { live: 5 },
  });
});
