import { hostsOf, newestActivity } from "../support/lattice.ts";
import { drawer, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

test("what was under way when the console was killed is unknown afterwards, and reconciles", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const first = await stage.follow(playground);
  const [host] = await hostsOf(playground, "catalog");
  const hostId = host?.id ?? "";
  await playground.order({
    do: "fault",
    host: hostId,
    fault: { kind: "scaleDelay", milliseconds: 8_000, count: 1 },
  });
  const reply = await first.call(
    "lattice.components.scale",
    { connectionId, hostId, componentId: "catalog", maxInstances: 64 },
    { reason: "just before the power cut" },
  );
  expect(reply).toMatchObject({ ok: true, output: { state: "acknowledged" } });
  await first.kill();

  const second = await stage.open();
  const { page } = second;
  const activity = await newestActivity(second, "unknown");
  expect(activity).toMatchObject({
    reason: "just before the power cut",
    message: expect.stringContaining("it may have happened"),
  });
  await goTo(page, "activity");
  await tableRow(page, "activity", "Scale catalog to 64").click();
  const shown = drawer(page, "Scale catalog to 64");
  await expect(shown).toContainText("It may still finish");

  // The host's own work outlives the console.
  const inventory = async () => (await hostsOf(playground, "catalog")).length > 0;
  await expect.poll(inventory).toBe(true);
  await expect
    .poll(async () => {
      await shown
        .getByRole("button", { name: "Reconcile" })
        .click({ timeout: 2_000 })
        .catch(() => undefined);
      return shown.getByRole("listitem").allInnerTexts();
    })
    .toContainEqual(expect.stringContaining("verified"));
});
