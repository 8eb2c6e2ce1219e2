import type { HttpExchange } from "../../../recordings/recordings.ts";

interface Difference {
  when(exchange: HttpExchange): boolean;
  because: string;
}

/** Where the bodies are not compared field by field; status and headers always are. */
const differences: readonly Difference[] = [
  {
    when: ({ path, status }) => path === "/metrics" && status === 200,
    because:
      "the values depend on everything that was asked before, and the recording keeps the beginning: that is compared by itself",
  },
  {
    when: ({ shortened }) => shortened === true,
    because: "the recording keeps only the beginning of long lists, so that the simulator has fewer members",
  },
];

/** Why the body of an exchange is not compared; undefined where it is. */
export function difference(exchange: HttpExchange): string | undefined {
  return differences.find(({ when }) => when(exchange))?.because;
}

/** The lines of metrics that were kept whole, without their values. */
export function metricLines(text: string): string[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => (line.startsWith("#") ? line : line.replace(/ \S+$/, " <value>")));
}

/** Fields that hold a time, a lease or whatever the scheduler chose. */
const volatile =
  /^(created_at|started_at|completed_at|activated_at|expires_at|expires_at_ms|next_reset_at|last_breach_at|lease_id|lease_epoch|closed_at)$/;
const maps = /^(usage|hard_limits|soft_limits|fields)$/;

/** A body without what differs from run to run; the order of its fields is kept. */
export function masked(body: unknown, { path }: Pick<HttpExchange, "path">): unknown {
  const chosen = path.endsWith("/claim") ? /^(execution_id|partition_key|grant_key)$/ : /^$/;
  const isMasked = (name: string): boolean => volatile.test(name) || chosen.test(name);
  const mask = (value: unknown, name: string): unknown => {
    if (isMasked(name)) return value === null ? null : typeof value;
    if (typeof value === "string")
      return name === "blocking_detail" ? value.replace(/\d{13}/, "<ms>") : value;
    if (Array.isArray(value)) return value.map((item) => mask(item, ""));
    return typeof value === "object" && value !== null ? members(value, name) : value;
  };
  const members = (value: object, name: string): unknown => {
    const entries = Object.entries(value).map(([key, inner]) => [key, mask(inner, key)] as const);
    // The maps change their order from call to call.
    return maps.test(name) ? entries.sort(([left], [right]) => (left < right ? -1 : 1)) : entries;
  };
  return mask(body, "");
}
