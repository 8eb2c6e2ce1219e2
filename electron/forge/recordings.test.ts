import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimulatedForge } from "../../playground/forge/forge.ts";
import { forgeExchanges } from "../../recordings/recordings.ts";
import { recordedAnswer, resend } from "../../recordings/resend.ts";
import { differences, shapeOf } from "../../recordings/shape.ts";
import { Failure } from "../../shared/contract/index.ts";
import { parsePrometheus } from "../upstream/prometheus.ts";
import { asked, type Body, title, whole } from "./testing/recorded-calls.ts";
import { replayingServer } from "./testing/replaying-server.ts";
import { type Side, sides } from "./testing/sides.ts";

describe("what real servers said to the client", () => {
  let server: Awaited<ReturnType<typeof replayingServer>>;
  beforeAll(async () => {
    server = await replayingServer();
  });
  afterAll(() => server?.stop());

  it("is nearly all that was recorded", () => {
    expect(asked.length).toBeGreaterThan(210);
  });

  it.each(asked)("$name is asked in the same words, and understood", async ({ exchange, call }) => {
    server.give(exchange);
    const result = await call(server.client).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const { method, path, body } = server.asked() ?? { method: "", path: "", body: "" };
    expect([method, pathOf(path)]).toEqual([exchange.method, pathOf(exchange.path)]);
    expect(body === "" ? null : JSON.parse(body)).toEqual(exchange.request);
    if (exchange.status === 200) expect(result).toHaveProperty("value");
    else expect(result).toMatchObject({ error: expect.any(Failure) });
  });

  it("counts, names and figures are those of the answer", async () => {
    for (const exchange of whole.filter(({ path }) => path === "/queue/overview")) {
      server.give(exchange);
      const rows = await server.client.overview();
      const told = exchange.body as { name: string; counts: Record<string, number>; max_workers: number }[];
      expect(
        rows.map(({ name, maxWorkers, counts }) => [name, maxWorkers, counts.pending, counts.dead]),
      ).toEqual(
        told.map(({ name, max_workers, counts }) => [name, max_workers, counts.pending, counts.dead]),
      );
    }
    for (const { body } of whole.filter(({ path, status }) => path === "/metrics" && status === 200)) {
      const { families, problems } = parsePrometheus(String(body));
      expect([families.length, problems]).toEqual([10, []]);
    }
  });

  it("series of 0.3.7 are those of every live worker by its label, without the size that it does not tell", async () => {
    const series = whole.filter(
      ({ path, body }) => path.startsWith("/queue/db-series") && (body as []).length > 0,
    );
    expect(series.length).toBeGreaterThan(1);
    for (const exchange of series) {
      server.give(exchange);
      const window = { from: "2026-11-28T22:00:00Z", to: "2026-11-28T23:00:00Z", bucketSeconds: 60 };
      const rows = await server.client.databaseSeries(window);
      const told = exchange.body as { host: string; name: string | null }[];
      expect(rows.map(({ host, name, everyWorker }) => [host, name ?? null, everyWorker])).toEqual(
        told.map(({ host, name }) => [host, name, true]),
      );
      for (const { measures } of rows)
        expect(measures.map(({ name }) => name)).not.toContain("Database size");
    }
  });

  it("refusals are refusals, with the server's own words", async () => {
    const refused = whole.filter(({ status, method }) => status >= 400 && method === "POST");
    for (const exchange of refused) {
      server.give(exchange);
      const command = { path: exchange.path, body: JSON.stringify(exchange.request) };
      const error = await server.client.sendUnit(command).catch((each: unknown) => each);
      expect(error, title(exchange)).toBeInstanceOf(Failure);
      const { message, upstream, code } = error as Failure;
      const { msg } = (exchange.body ?? {}) as { msg?: string };
      expect(`${message} ${upstream ?? ""}`, title(exchange)).toContain(
        String(msg ?? exchange.body ?? "").slice(0, 60),
      );
      expect(["upstream_refused", "not_found", "invalid_input"], title(exchange)).toContain(code);
    }
  });
});

/** Order and spelling of a query's parts do not matter. */
function pathOf(path: string): unknown {
  const url = new URL(path, "http://server");
  return [url.pathname, Object.fromEntries(url.searchParams)];
}

/** Refused before a handler saw it, or by one that has nothing: the same on an empty server. */
const stateless = forgeExchanges().filter(
  ({ server, status, method }) =>
    server.endsWith("SQLite") && (status >= 400 || method === "HEAD" || method === "OPTIONS"),
);

describe.each(sides)("%s", (_name, start) => {
  let side: Side;
  beforeAll(async () => {
    side = await start();
  });
  afterAll(() => side?.stop());

  it.each(stateless.map((exchange) => [title(exchange), exchange] as const))(
    "answers %s as the real one was recorded",
    async (_title, exchange) => {
      expect(await resend(side.url, exchange)).toEqual(recordedAnswer(exchange));
    },
  );
});

/** Routes whose answer is JSON that a furnished server can be asked for. */
const told = [
  "/storage/info",
  "/queue/overview",
  "/queue/processes",
  "/queue/workers",
  "/queue/timeline",
  "/queue/metric-series",
  "/queue/resource-series",
  "/queue/db-series",
  "/jobs/list",
  "/jobs/failed",
  "/jobs/kinds",
  "/jobs/scheduled",
  "/jobs/inspect",
  "/cron",
];

describe("the simulated shop", () => {
  let shop: SimulatedForge;
  beforeAll(async () => {
    shop = await SimulatedForge.start({ calm: true });
  });
  afterAll(() => shop?.stop());

  it.each(told)("has in %s the keys and types of the real server", async (route) => {
    const recorded = whole.filter(({ path, status }) => status === 200 && path.startsWith(route));
    const real = recorded.map(({ body }) => body);
    // Rows of jobs are the same wherever they stand; few were recorded as failed or scheduled ones.
    if (route === "/jobs/failed" || route === "/jobs/scheduled") real.push(recordedJobs());
    const answers = await Promise.all(asksFor(route, shop).map((ask) => ask()));
    expect(differences(shapeOf(answers.map(withoutPayload)), shapeOf(real.map(withoutPayload)))).toEqual([]);
  });
});

function recordedJobs(): unknown[] {
  const lists = whole.filter(({ path, status }) => path === "/jobs/list" && status === 200);
  return lists.flatMap(({ body }) => (body as { rows: unknown[] }).rows);
}

/** What a job carries is its own affair. */
function withoutPayload(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPayload);
  if (typeof value !== "object" || value === null) return value;
  const { payload: _payload, ...rest } = value as Body;
  return rest;
}

/** Questions of one route whose answers have rows. */
function asksFor(route: string, { url, store }: SimulatedForge): (() => Promise<unknown>)[] {
  const to = new Date(store.now());
  const from = new Date(store.now() - 3_600_000);
  const window = `from=${from.toISOString()}&to=${to.toISOString()}&bucket_secs=60`;
  const get = (path: string) => () => fetch(`${url}${path}`).then((answer) => answer.json());
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ limit: 500, offset: 0 });
  const list = () =>
    fetch(`${url}/jobs/list`, { method: "POST", headers, body }).then((answer) => answer.json());
  switch (route) {
    case "/queue/timeline":
    case "/queue/resource-series":
    case "/queue/db-series":
      return [get(`${route}?${window}`)];
    case "/queue/metric-series":
      return [get(`${route}?queue=mailers&${window}`)];
    case "/jobs/failed":
      return [get("/jobs/failed?limit=50")];
    case "/jobs/inspect":
      return [...store.jobs.values()].slice(0, 200).map(({ id }) => get(`/jobs/inspect/${id}`));
    case "/jobs/list":
      return [list];
    default:
      return [get(route)];
  }
}
