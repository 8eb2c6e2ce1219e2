const own = new Set(["friendly_name", "uptime_human", "uptime_seconds", "rpc_host", "ctl_host"]);

function masked(text: string): string {
  return text
    .replaceAll(/\bN[A-Z2-7]{55}\b/g, "<host>")
    .replaceAll(/\b[MVAX][A-Z2-7]{55}\b/g, "<key>")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/\d+/g, "#");
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return masked(value);
  // Recordings keep one message of those that differ in figures; but zero instances mean something else.
  if (typeof value === "number") return Math.sign(value);
  if (Array.isArray(value))
    return value.map(plain).sort((left, right) => (text(left) < text(right) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !own.has(key));
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each)] as const).sort());
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}

/** A message without what is different each time: IDs, names, times and figures. */
export function formOf(message: unknown): string {
  return text(plain(message));
}
