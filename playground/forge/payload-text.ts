const mark = "\u0001#";
const tokens = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** Reads JSON and keeps the digits of long integers, which the real server's 64-bit integers would also keep. */
function parseKeepingDigits(text: string): unknown {
  return JSON.parse(
    text.replace(tokens, (token) => (token.startsWith('"') ? token : JSON.stringify(mark + token))),
  );
}

/** Compact JSON with sorted keys, as the server stores it (forge-jobs §3, key order). */
function sortedText(value: unknown): string {
  if (typeof value === "string")
    return value.startsWith(mark) ? value.slice(mark.length) : JSON.stringify(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(sortedText).join(",")}]`;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${sortedText(member)}`).join(",")}}`;
}

/** The member `payload` of a request's body, as the server would store it. */
export function payloadText(body: Buffer): string {
  const value = parseKeepingDigits(body.toString("utf8")) as Record<string, unknown>;
  return sortedText(value.payload);
}
