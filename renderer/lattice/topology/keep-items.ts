import type { TopologyItem } from "./topology-items.ts";

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
