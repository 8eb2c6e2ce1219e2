import Database from "libsql";
import type { EventRow } from "../../shared/events/schema.ts";
import type { ProviderRow } from "../../shared/lattice/schema.ts";
import { median, report } from "../support/figures.ts";
import { startPlaygroundProcess } from "../support/playground.ts";
import { BareSubscriber, subscriberRole } from "./bare-subscriber.ts";
import { Publisher, publisherRole } from "./publisher.ts";
import { preciseNow, run } from "./roles.ts";
import { connectionId, lattice, onStage, type Stage, takeOver } from "./stage.ts";

const count = Number(process.env.SWITCHYARD_BENCH_EVENTS ?? 400_000);
// A NATS server cuts off whoever takes longer than ten seconds for what waits for it.
const window = 20_000;
const playground = ["--calm", "--hosts", "50", "--components", "1000"];

/** Events a second that a subscriber which only parses them gets through. */
async function bareRate(): Promise<number> {
  const server = await startPlaygroundProcess(["--no-staging", ...playground]);
  const publisher = new Publisher();
  const subscriber = new BareSubscriber();
  try {
    const hosts = await takeOver(server);
    let done: (at: number) => void = () => undefined;
    const finished = new Promise<number>((resolve) => {
      done = resolve;
    });
    const { natsUrl: url, natsToken: token } = server;
    await subscriber.start({ url, token }, (seen, at) => {
      publisher.seen(seen);
      if (seen >= count) done(at);
    });
    const { from } = await publisher.publish({ url, token, lattice, hosts, count, window });
    return count / (((await finished) - from) / 1_000);
  } finally {
    await publisher.stop();
    await subscriber.stop();
    await server.stop();
  }
}

interface ConsoleRun {
  /** Until state, log and page had the last event. */
  perSecond: number;
  /** How much later than the state the page showed it, in milliseconds. */
  pageBehind: number;
}

/** Events a second that the console gets through, with everything it does with them and the page open. */
async function consoleRate(screen: Screen): Promise<ConsoleRun> {
  const publisher = new Publisher();
  try {
    return await onStage({ playground, screen: screen.name }, async (stage) => {
      const hosts = await takeOver(stage.playground);
      const before = await stage.http.quiet();
      const total = before.eventsTotal + count;
      stage.http.onRow((row) => publisher.seen(row.eventsTotal - before.eventsTotal));
      const { natsUrl: url, natsToken: token } = stage.playground;
      const published = await publisher.publish({ url, token, lattice, hosts, count, window });
      const inState = await stage.http.until("the last event", (row) => row.eventsTotal >= total);
      const [inLog, onPage] = await Promise.all([written(stage), screen.shows(stage, total)]);
      await assertNothingLost(stage, { before: before.eventsTotal, health: published.health });
      return {
        perSecond: count / ((Math.max(inState, inLog, onPage) - published.from) / 1_000),
        pageBehind: Math.max(0, onPage - inState),
      };
    });
  } finally {
    await publisher.stop();
  }
}

/** When the log has written everything: a search writes what waits before it answers. */
async function written({ http }: Stage): Promise<number> {
  await http.call("events.search", { connectionId, lattice, limit: 1 });
  return preciseNow();
}

interface Expected {
  before: number;
  health: Record<string, string>;
}

/** The state has exactly what was published, in order; the log has a row of each. Throws what differs. */
async function assertNothingLost(stage: Stage, expected: Expected): Promise<void> {
  const row = await stage.http.quiet();
  if (row.eventsTotal !== expected.before + count || row.malformedEvents + row.unknownEvents > 0)
    throw new Error(
      `${count} were published after ${expected.before}; the state says ${JSON.stringify(row)}`,
    );
  const scope = { connectionId, lattice };
  for (const { hostId, id, health } of await stage.http.call<ProviderRow[]>(
    "lattice.providers.list",
    scope,
  )) {
    if (health !== expected.health[`${hostId}/${id}`])
      throw new Error(`${hostId}/${id} is ${health}, and last was ${expected.health[`${hostId}/${id}`]}`);
  }
  stage.checkLog((file) => {
    const database = new Database(file, { readonly: true });
    const kept = database.prepare("SELECT count(*) AS rows, max(sequence) AS last FROM events").get([]) as {
      rows: number;
      last: number;
    };
    database.close();
    if (kept.rows !== row.eventsTotal || kept.last !== row.eventsTotal)
      throw new Error(`${row.eventsTotal} events came; the log holds ${JSON.stringify(kept)}`);
  });
}

interface Screen {
  name: string;
  /** When the page shows everything, by `preciseNow`. */
  shows(stage: Stage, total: number): Promise<number>;
}

const screens: Screen[] = [
  {
    name: "overview",
    shows: async ({ console }, total) => {
      const figure = console.page
        .getByRole("region", { name: "Key figures" })
        .getByRole("link", { name: /Events/ });
      await figure.filter({ hasText: total.toLocaleString("en-US") }).waitFor();
      return preciseNow();
    },
  },
  {
    name: "events",
    shows: async ({ console, http }) => {
      const { rows } = await http.call<{ rows: EventRow[] }>("events.search", {
        connectionId,
        lattice,
        limit: 1,
      });
      await console.page
        .getByRole("grid")
        .getByText(rows[0]?.summary ?? "")
        .first()
        .waitFor();
      return preciseNow();
    },
  },
];

async function main(): Promise<void> {
  const bare = [await bareRate(), await bareRate(), await bareRate()];
  report({ name: "events: bare subscriber", value: median(bare), unit: "events/s", details: { runs: bare } });
  const slowest: number[] = [];
  for (const screen of screens) {
    const runs = [await consoleRate(screen), await consoleRate(screen), await consoleRate(screen)];
    const rates = runs.map(({ perSecond }) => perSecond);
    slowest.push(median(rates));
    report({
      name: `events: console with ${screen.name} open`,
      value: median(rates),
      unit: "events/s",
      budget: { atLeast: 20_000 },
      details: { events: count, runs: rates, pageBehindMs: runs.map(({ pageBehind }) => pageBehind) },
    });
  }
  report({
    name: "events: share of the bare subscriber",
    value: Math.min(...slowest) / median(bare),
    unit: "ratio",
    budget: { atLeast: 0.25 },
  });
}

await run(main, { publisher: publisherRole, subscriber: subscriberRole });
