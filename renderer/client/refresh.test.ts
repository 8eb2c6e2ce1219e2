import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Query, type QueryKey, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test } from "vitest";
import { operations } from "../../shared/catalogue.ts";
import { queryClient } from "./query.ts";
import { nextReadMs } from "./refresh.ts";

afterEach(() => queryClient.clear());

/** Shows an answer, as a page does; it is read again unless it is asked for once. */
function show(name: string, input: Record<string, unknown>, answer: unknown, once = false): Query {
  const queryKey: QueryKey = [name, input];
  queryClient.setQueryData(queryKey, answer);
  const observer = new QueryObserver(queryClient, {
    queryKey,
    queryFn: () => answer,
    staleTime: Number.POSITIVE_INFINITY,
    ...(!once && { refetchInterval: 3_600_000 }),
  });
  observer.subscribe(() => undefined);
  return observer.getCurrentQuery();
}

const next = (query: Query) => nextReadMs(query, queryClient.getQueryCache());
const scan = { rows: [], requests: 1_256 };

test("a scan of a server waits until what it costs has been earned", () => {
  const shown = show("flowfabric.executions.list", { connectionId: "a" }, scan);
  expect((1_256 * 1_000) / next(shown)).toBeLessThan(1);
});

test("only what is shown of the same connection, and read again, is divided among", () => {
  const shown = show("flowfabric.executions.list", { connectionId: "a" }, scan);
  const alone = next(shown);
  show("flowfabric.waitpoints.scan", { connectionId: "b" }, scan);
  show("flowfabric.partitions.list", { connectionId: "a" }, [], true);
  expect(next(shown)).toBe(alone);
  show("flowfabric.waitpoints.scan", { connectionId: "a" }, scan);
  expect(next(shown)).toBe(alone * 2);
});

test("the console's own answers are read as often as they declare", () => {
  const shown = show("playground.get", {}, {});
  show("console.info", {}, {});
  expect(next(shown)).toBe(300);
});

test("how often an answer is read again stands with its operation alone", () => {
  const folder = join(import.meta.dirname, "..");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && dirname(path) !== "client")
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
  expect(sources.length).toBeGreaterThan(300);
  const offenders = sources.filter(({ text }) => /\b(refetchInterval|staleTime)\b/.test(text));
  expect(offenders.map(({ path }) => path)).toEqual([]);
});

test("every query says how it is kept current", () => {
  for (const [name, operation] of Object.entries(operations))
    if (operation.kind === "query") expect(operation.refresh, name).toBeDefined();
});
