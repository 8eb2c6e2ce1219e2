import type { Query, QueryCache } from "@tanstack/react-query";
import { type OperationName, operations, requestsPerSecond } from "../../shared/catalogue.ts";
import { ownValue, pacedMs, type Refresh, type Refreshed, refreshedOf } from "../../shared/contract/index.ts";

/** How a page keeps the answer of an operation current; what is no query is asked once. */
export function refreshOf(name: string): Refresh {
  const operation = operations[name as OperationName];
  return operation?.kind === "query" ? (operation.refresh as Refresh) : "once";
}

/** Milliseconds until an answer is read again, by its declaration and by what else is shown of its connection. */
export function nextReadMs(query: Query, cache: QueryCache): number {
  const one = refreshedBy(query);
  if (one === undefined) return Number.POSITIVE_INFINITY;
  const budget: number | undefined = ownValue(requestsPerSecond, one.name.split(".")[0] ?? "");
  if (budget === undefined) return one.everyMs;
  const connectionId = connectionOf(query);
  const others = cache
    .findAll({ type: "active", predicate: (each) => each !== query && connectionOf(each) === connectionId })
    .flatMap((each) => (isReadAgain(each) ? (refreshedBy(each) ?? []) : []));
  return pacedMs(one, [one, ...others], budget);
}

function refreshedBy({ queryKey, state }: Query): Refreshed | undefined {
  const name = String(queryKey[0]);
  // A failure costs what a first attempt may, whatever was answered before.
  return refreshedOf(name, refreshOf(name), state.error ? undefined : state.data);
}

function isReadAgain({ observers }: Query): boolean {
  return observers.some(({ options }) => options.refetchInterval !== undefined);
}

function connectionOf({ queryKey }: Query): unknown {
  return (queryKey[1] as { connectionId?: unknown } | undefined)?.connectionId;
}
