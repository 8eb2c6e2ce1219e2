import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "nats";
import { ask, converged } from "../support/lattice.ts";
import { cell, tableRow } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";

const impossible = Number.MAX_SAFE_INTEGER;

test("events with numbers that make no time, and made-up hosts, leave the window as it was", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "hosts" });
  await converged(started, playground);
  const [host] = playground.hosts;
  const nats = await connect({ servers: playground.natsUrl, token: playground.natsToken });
  for (const source of [host?.id, `N${"Z".repeat(55)}`, "N$(touch marker)", "constructor"]) {
    for (const type of ["host_started", "host_heartbeat"]) {
      const data = {
        friendly_name: "odd",
        labels: {},
        components: [],
        providers: [],
        uptime_seconds: impossible,
      };
      const head = { specversion: "1.0", id: "1", source, time: new Date().toISOString() };
      const event = { ...head, type: `com.wasmcloud.lattice.${type}`, data: { ...data, version: "1.9.2" } };
      nats.publish(`wasmbus.evt.default.${type}`, JSON.stringify(event));
    }
  }
  await nats.drain();
  await expect
    .poll(async () => (await ask(started, "lattice.lattices.list", { connectionId }))[0]?.malformedEvents)
    .toBe(4);
  const ids = (await ask(started, "lattice.hosts.list", { connectionId })).map(({ id }) => id);
  expect(ids.sort()).toEqual([...playground.hosts.map(({ id }) => id), `N${"Z".repeat(55)}`].sort());
  const name = playground.hosts[1]?.friendlyName ?? "";
  await expect.poll(() => cell(tableRow(started.page, "hosts", name), "Status")).toBe("live");
  await expect(started.page.getByText(/unexpected error/)).toHaveCount(0);
});

test("an error that nobody caught is told in the window, once, without a box @desktop", async ({ stage }) => {
  const { page, application } = await stage.open();
  await expect(page.getByText("No connection yet")).toBeVisible();
  await application?.evaluate(({ dialog }) => {
    const record = globalThis as unknown as { boxes: number };
    record.boxes = 0;
    dialog.showErrorBox = () => {
      record.boxes += 1;
    };
    for (let count = 0; count < 3; count += 1)
      setTimeout(() => {
        throw new RangeError("Invalid time value");
      });
  });
  await page.reload();
  await expect(page.getByText(/unexpected error occurred.*went on: Invalid time value/)).toHaveCount(1);
  expect(await application?.evaluate(() => (globalThis as unknown as { boxes: number }).boxes)).toBe(0);
  const log = join(stage.directory, "logs", "main.log");
  expect(readFileSync(log, "utf8").match(/an error that nobody caught, number \d/g)).toHaveLength(3);
  // The stage takes any other logged error for a fault of the console.
  writeFileSync(log, "");
});
