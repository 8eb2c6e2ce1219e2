import { canonicalJson } from "../../shared/contract/canonical.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is new in a step of an activity. A list that only grew, as its evidence does, is told by what was added. */
export interface ActivityDifference {
  set?: Fields;
  add?: Readonly<Record<string, readonly unknown[]>>;
  drop?: readonly string[];
}

/** Between two values that JSON can hold. */
export function differenceOf(before: Fields, after: Fields): ActivityDifference {
  const changes = Object.entries(after).flatMap(([key, value]) => changeOf(key, own(before, key), value));
  const pick = (kind: "set" | "add") =>
    Object.fromEntries(
      changes.filter((change) => change.kind === kind).map(({ key, value }) => [key, value]),
    );
  const [set, add] = [pick("set"), pick("add") as Record<string, unknown[]>];
  const drop = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return {
    ...(Object.keys(set).length > 0 && { set }),
    ...(Object.keys(add).length > 0 && { add }),
    ...(drop.length > 0 && { drop }),
  };
}

export function applyDifference(
  before: Fields,
  { set = {}, add = {}, drop = [] }: ActivityDifference,
): Fields {
  const added = Object.entries(add).map(([key, items]) => {
    const list = own(before, key);
    return [key, [...(Array.isArray(list) ? list : []), ...items]];
  });
  const kept = Object.entries(before).filter(([key]) => !drop.includes(key));
  return Object.fromEntries([...kept, ...Object.entries(set), ...added]);
}

interface Change {
  kind: "set" | "add";
  key: string;
  value: unknown;
}

function changeOf(key: string, before: unknown, after: unknown): Change[] {
  if (before !== undefined && canonicalJson(before) === canonicalJson(after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && beginsWith(after, before))
    return [{ kind: "add", key, value: after.slice(before.length) }];
  return [{ kind: "set", key, value: after }];
}

function beginsWith(list: readonly unknown[], start: readonly unknown[]): boolean {
  return list.length > start.length && canonicalJson(list.slice(0, start.length)) === canonicalJson(start);
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}
