import { type InputFor, operations } from "../../../shared/catalogue.ts";
import type { LabelPreview } from "../../../shared/lattice/host-operations.ts";
import { formatQuantity } from "../../ui/format.ts";

type LabelPut = InputFor<"lattice.labels.put">;

/** What is wrong with a label as typed, by its field; empty where the console would take it. */
export function labelProblems(key: string, value: string): { key?: string; value?: string } {
  const input: LabelPut = { connectionId: "any", hostId: `N${"A".repeat(55)}`, key, value };
  const problems: { key?: string; value?: string } = {};
  for (const { path, message } of operations["lattice.labels.put"].input.safeParse(input).error?.issues ?? [])
    problems[path[0] === "value" ? "value" : "key"] ??= message;
  return problems;
}

const effectWords: Record<LabelPreview["effect"], string> = {
  added: "new",
  changed: "changes",
  removed: "removed",
  same: "nothing changes",
};

/** What a change of a label does to one host, in words. */
export function effectText({ effect, refused }: Pick<LabelPreview, "effect" | "refused">): string {
  return refused ? "refused by the host" : effectWords[effect];
}

/** Hosts that would take the change: what a host would refuse is not sent to it. */
export function acceptingHosts<Host extends { id: string }>(
  hosts: readonly Host[],
  previews: readonly Pick<LabelPreview, "hostId" | "refused">[],
): Host[] {
  const refusing = new Set(previews.filter(({ refused }) => refused).map(({ hostId }) => hostId));
  return hosts.filter(({ id }) => !refusing.has(id));
}

/** What the button says: "Set zone=eu-2 on quiet-river-1022", "Delete zone on 3 hosts". */
export function labelButton(
  change: { key: string; value: string | undefined },
  hosts: readonly { friendlyName: string }[],
): string {
  const [only] = hosts;
  const where = hosts.length === 1 && only ? only.friendlyName : formatQuantity(hosts.length, "host");
  if (change.value === undefined) return `Delete ${change.key} on ${where}`;
  return change.key === "" ? `Set a label on ${where}` : `Set ${change.key}=${change.value} on ${where}`;
}
