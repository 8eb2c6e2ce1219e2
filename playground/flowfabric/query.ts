import { type Reply, text } from "./reply.ts";

/** A rejected query, as the framework params it (flowfabric-admin §1.4). */
export function badQuery(detail: string): Reply {
  return text(400, `Failed to deserialize query string: ${detail}`);
}

type Kind = "u16" | "u64" | "text" | "cursor";

/** Reads the named fields; what does not fit is the reply. */
export function readQuery<K extends string>(
  query: URLSearchParams,
  kinds: Record<K, Kind>,
): Record<K, string | undefined> | Reply {
  const values = {} as Record<K, string | undefined>;
  for (const [name, kind] of Object.entries(kinds) as [K, Kind][]) {
    const given = query.getAll(name);
    if (given.length > 1) return badQuery(`duplicate field \`${name}\``);
    const [value] = given;
    const problem = value === undefined ? undefined : problemOf(value, kind);
    if (problem) return badQuery(`${name}: ${problem}`);
    values[name] = value;
  }
  return values;
}

export function isRejected(read: object): read is Reply {
  return "status" in read && typeof read.status === "number";
}

function problemOf(value: string, kind: Kind): string | undefined {
  if (kind === "text") return undefined;
  if (kind === "cursor") return cursorProblem(value);
  if (!/^\+?\d+$/.test(value)) return "invalid digit found in string";
  const largest = kind === "u16" ? 65_535n : 2n ** 64n - 1n;
  return BigInt(value) > largest ? "number too large to fit in target type" : undefined;
}

function cursorProblem(value: string): string | undefined {
  if (/^(start|end|\d+(-\d+)?)$/.test(value)) return undefined;
  if (value === "-" || value === "+")
    return `bare marker '${value}' is not a valid stream cursor; use 'start' or 'end'`;
  return `invalid stream cursor '${value}' (expected 'start', 'end', '<ms>', or '<ms>-<seq>')`;
}
