import type { RunningConsole } from "../support/console.ts";
import { ask, hostsOf, instancesOn, newestActivity } from "../support/lattice.ts";
import type { PlaygroundProcess } from "../support/playground.ts";
import { drawer, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

/** Where there is no keychain, the connection's token has ended with the process. */
async function signInAgain(started: RunningConsole, { natsToken }: PlaygroundProcess): Promise<void> {
  const [row] = await ask(started, "connections.list", {});
  if (!row) throw new Error("the connection is gone");
  const { id, playground: _playground, ...profile } = row.profile;
  await ask(started, "connections.save", { connectionId: id, profile, secrets: { token: natsToken } });
}

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
  await signInAgain(second, playground);
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

  // The host's own work outlives the console, and until it is over a reading proves nothing.
  await expect.poll(() => instancesOn(playground, hostId, "catalog")).toBe(64);
  await shown.getByRole("button", { name: "Reconcile" }).click();
  await expect(shown.getByRole("listitem").filter({ hasText: "verified" })).toBeVisible();
});

test("killed between recorded and acknowledged: what was sent is unknown and reconciles, the rest was never sent", async ({
  stage,
}) => {
  const playground = await stage.playground();
  // Nothing of what follows may end by itself before the cut.
  const first = await stage.follow(playground, { requestTimeoutMs: 60_000 });
  const [sentTo, neverTo] = await hostsOf(playground, "catalog");
  const scale = (hostId: string | undefined) => {
    const input = { connectionId, hostId: hostId ?? "", componentId: "catalog", maxInstances: 64 };
    void first.call("lattice.components.scale", input).catch(() => undefined);
  };
  const oneIs = (state: "recorded" | "sent") =>
    expect.poll(async () => (await ask(first, "activity.list", { state })).length).toBe(1);
  const carriedOut = { kind: "silent", on: "component.scale", execute: true };
  await playground.order({ do: "fault", host: sentTo?.id, fault: carriedOut });
  scale(sentTo?.id);
  await oneIs("sent");
  await playground.order({ do: "fault", host: neverTo?.id, fault: { kind: "silent", on: "host.get" } });
  scale(neverTo?.id);
  await oneIs("recorded");
  await first.kill();
  await playground.order({ do: "clear-faults" });
  expect(await instancesOn(playground, neverTo?.id ?? "", "catalog")).toBe(60);
  await expect.poll(() => instancesOn(playground, sentTo?.id ?? "", "catalog")).toBe(64);

  const second = await stage.open();
  await signInAgain(second, playground);
  const { page } = second;
  await goTo(page, "activity");
  const rows = tableRow(page, "activity", "Scale catalog to 64");
  await expect(rows.filter({ hasText: "The console stopped before this was sent" })).toContainText("failed");
  await rows.filter({ hasText: "it may have happened" }).click();
  const shown = drawer(page, "Scale catalog to 64");
  await expect(shown.getByRole("listitem").filter({ hasText: "acknowledged" })).toHaveCount(0);
  await shown.getByRole("button", { name: "Reconcile" }).click();
  await expect(shown.getByRole("listitem").filter({ hasText: "verified" })).toBeVisible();
  await expect(shown).toContainText("The host's inventory shows max 64 instances.");
});
