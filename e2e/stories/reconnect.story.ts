import { ask, converged, hostsOf } from "../support/lattice.ts";
import { cell, tableRow } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

test("after a restart of nats-server the shown state is the real one, nothing lost or doubled", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "components" });
  const { page } = started;
  await converged(started, playground);
  await expect.poll(() => cell(tableRow(page, "components", "catalog"), "Total max")).toBe("180");

  await playground.order({ do: "kill-nats" });
  const banner = page.getByText(/^Reconnecting since \d.*what is shown is from \d/);
  await expect(banner).toBeVisible();
  await expect.poll(() => cell(tableRow(page, "components", "catalog"), "Total max")).toBe("180");

  // What happens while nobody can hear it.
  const [first, second] = await hostsOf(playground, "catalog");
  const scale = (host: string | undefined, id: string, count: number) =>
    playground.order({
      do: "execute",
      host,
      verb: "component.scale",
      id,
      body: {
        component_ref: `registry.example.test/shop/${id}:5.1.0`,
        component_id: id,
        count,
        host_id: host,
      },
    });
  await scale(first?.id, "catalog", 7);
  await scale(second?.id, "catalog", 0);
  await scale(second?.id, "nightly", 3);

  await playground.order({ do: "restart-nats" });
  await expect(banner).toBeHidden();
  await converged(started, playground);
  await expect.poll(() => cell(tableRow(page, "components", "catalog"), "Total max")).toBe("67");
  await expect(tableRow(page, "components", "nightly")).toBeVisible();

  await scale(first?.id, "catalog", 8);
  await converged(started, playground);
  const log = await ask(started, "events.export", { connectionId });
  const ids = log.text
    .trim()
    .split("\n")
    .map((line) => /"id":\s*"([0-9a-f-]{36})"/i.exec(line.replaceAll('\\"', '"'))?.[1]);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(ids.length);

  await goTo(page, "hosts");
  for (const host of playground.hosts) {
    await expect.poll(() => cell(tableRow(page, "hosts", host.friendlyName), "Status")).toBe("live");
  }
});
