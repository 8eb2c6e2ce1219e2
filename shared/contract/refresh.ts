/** Requests that one answer makes of the far system; without an answer, those of an attempt that fails. */
type Requests<Answer> = number | ((answer: Answer | undefined) => number);

/**
 * How a page keeps an answer current.
 * `everyMs`: it is read again so often while it is shown, and less often where that would ask too much of a connection's system.
 * `"by hand"`: it is read when it is opened, and again when somebody asks for it or something has changed it.
 * `"once"`: it is read anew each time somebody asks the question, as a dialog does, and not again.
 * `"live"`: the same rows are a topic, which pages follow instead.
 * `"immutable"`: it can never become another.
 */
export type Refresh<Answer = unknown> =
  | { everyMs: number; requests?: Requests<Answer> }
  | "by hand"
  | "once"
  | "live"
  | "immutable";

/** An answer that is read again by itself. */
export interface Refreshed {
  /** Its operation; the answers of one operation share what it may ask. */
  name: string;
  everyMs: number;
  /** Requests that it takes of the far system. */
  requests: number;
}

/** One answer as its operation declares it; undefined where it is not read again by itself. */
export function refreshedOf<Answer>(
  name: string,
  refresh: Refresh<Answer>,
  answer: Answer | undefined,
): Refreshed | undefined {
  if (typeof refresh === "string") return undefined;
  const { everyMs, requests = 1 } = refresh;
  return { name, everyMs, requests: typeof requests === "number" ? requests : requests(answer) };
}

/**
 * Milliseconds until an answer is read again, so that all answers of one connection that are shown together, this one among
 * them, make no more requests a second than the budget. Operations that need less than their share keep their pace, the
 * others divide what is left.
 */
export function pacedMs(one: Refreshed, shown: readonly Refreshed[], requestsPerSecond: number): number {
  const loads = new Map<string, number>();
  for (const { name, everyMs, requests } of shown)
    loads.set(name, (loads.get(name) ?? 0) + (requests * 1_000) / everyMs);
  const load = loads.get(one.name) ?? 0;
  const share = shareOf(load, [...loads.values()], requestsPerSecond);
  return share >= load ? one.everyMs : Math.ceil((one.everyMs * load) / share);
}

function shareOf(load: number, loads: readonly number[], budget: number): number {
  let rest = budget;
  for (const [index, each] of loads.toSorted((left, right) => left - right).entries()) {
    const fair = rest / (loads.length - index);
    if (each > fair) return Math.min(load, fair);
    rest -= each;
  }
  return load;
}
