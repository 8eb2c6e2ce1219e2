import { formatQuantity } from "../../ui/format.ts";

/** What the button of a stop says: "Stop cart on quiet-river-1022", "Stop 3 components on 2 hosts". */
export function stopLabel(
  noun: "component" | "provider",
  rows: readonly { id: string; hostId: string; hostName: string }[],
): string {
  const ids = [...new Set(rows.map(({ id }) => id))];
  const hosts = [...new Set(rows.map(({ hostName }) => hostName))];
  const name = noun === "provider" ? `provider ${ids[0]}` : ids[0];
  const what = ids.length === 1 ? name : formatQuantity(ids.length, noun);
  const where =
    hosts.length === 1 ? hosts[0] : formatQuantity(new Set(rows.map((row) => row.hostId)).size, "host");
  return `Stop ${what} on ${where}`;
}
