import { useEffect, useMemo, useRef, useState } from "react";
import { useLatticeRow, useLatticeTopic } from "../use-lattice-topic.ts";
import { type TopologyItem, topologyItems } from "./topology-items.ts";

const leastRestMs = 500;
/** Making the items of a large lattice again may take this part of the time. */
const share = 1 / 25;

/** The items of the selected lattice, live; not at every change, because all of them are looked at each time. */
export function useTopologyItems() {
  const hosts = useLatticeTopic("lattice.hosts");
  const components = useLatticeTopic("lattice.components");
  const providers = useLatticeTopic("lattice.providers");
  const links = useLatticeTopic("lattice.links");
  const lattice = useLatticeRow();
  const topics = [hosts, components, providers, links];
  const unread = hosts.rows.some((host) => host.inventoryAt === undefined && host.status !== "stopped");
  const complete = lattice?.phase === "live" && lattice.silentHosts.length === 0 && !unread;
  const present = useMemo(
    () => ({
      hosts: hosts.rows,
      components: components.rows,
      providers: providers.rows,
      links: links.rows,
      complete,
    }),
    [hosts.rows, components.rows, providers.rows, links.rows, complete],
  );
  const spentMs = useRef(0);
  const rested = useRested(present, () => Math.max(leastRestMs, spentMs.current / share));
  const last = useRef<readonly TopologyItem[]>([]);
  const items = useMemo(() => {
    const startedAt = performance.now();
    last.current = keepItems(last.current, topologyItems(rested));
    spentMs.current = performance.now() - startedAt;
    return last.current;
  }, [rested]);
  const tables = topics.map(({ table }) => table);
  const failure = topics.find(({ table }) => table === "failed")?.failure;
  const phase = tables.includes("failed")
    ? ("failed" as const)
    : hosts.table === "loading" || tables.includes("loading")
      ? ("loading" as const)
      : tables.includes("stale")
        ? ("stale" as const)
        : ("ready" as const);
  return { items, phase, failure };
}

/** The value, with a rest between two changes; the first one after a rest is there at once. */
function useRested<T>(value: T, restMs: () => number): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(0);
  const rest = useRef(restMs);
  rest.current = restMs;
  useEffect(() => {
    const wait = Math.max(0, shownAt.current + rest.current() - performance.now());
    const timer = setTimeout(() => {
      shownAt.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value]);
  return shown;
}

/** Items that look the same as before stay the same objects, and so does the whole: what did not change is not drawn. */
export function keepItems(
  before: readonly TopologyItem[],
  now: readonly TopologyItem[],
): readonly TopologyItem[] {
  const known = new Map(before.map((item) => [item.key, item]));
  let changed = before.length !== now.length;
  const kept = now.map((item, place) => {
    const old = known.get(item.key);
    const one = old && looksSame(old, item) ? old : item;
    if (one !== before[place]) changed = true;
    return one;
  });
  return changed ? kept : before;
}

function looksSame(a: TopologyItem, b: TopologyItem): boolean {
  return (
    a.name === b.name &&
    a.hostName === b.hostName &&
    a.image === b.image &&
    a.detail === b.detail &&
    a.problem?.text === b.problem?.text &&
    sameList(a.out, b.out) &&
    sameList(a.in, b.in) &&
    sameMap(a.labels, b.labels)
  );
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((one, place) => one === b[place]));
}

function sameMap(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  if (a === b) return true;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
