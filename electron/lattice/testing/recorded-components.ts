import { type LatticeMessage, type LatticeVersion, latticeMessages } from "../../../recordings/recordings.ts";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { readInventory } from "../client/replies.ts";
import { componentRow } from "../inventory/components.ts";

/** What a scale asked for, as it went over the wire. */
export interface RecordedScale {
  component_id: string;
  component_ref: string;
  count: number;
  annotations?: Record<string, string>;
  component_limits?: Record<string, string>;
}

type Reply = Extract<LatticeMessage, { kind: "reply" }>;

/** The first scale that was recorded of hosts of a version, of those that are meant. */
export function recordedScale(
  version: LatticeVersion,
  isMeant: (scale: RecordedScale) => boolean,
): RecordedScale {
  for (const message of latticeMessages(version)) {
    if (message.kind !== "request" || !message.subject.includes(".component.scale.")) continue;
    const scale = message.body as RecordedScale;
    if (isMeant(scale)) return scale;
  }
  throw new Error("no such scale was recorded");
}

/** A component as the first inventory shows it in which it is as meant. */
export function recordedComponent(
  version: LatticeVersion,
  id: string,
  isMeant: (row: ComponentRow) => boolean,
): ComponentRow {
  for (const { response } of inventoryReplies(version)) {
    const inventory = readInventory(response);
    const description = inventory.components.find((each) => each.id === id);
    if (!description) continue;
    const host = { id: inventory.hostId, friendlyName: inventory.friendlyName };
    const row = componentRow(host, description, undefined);
    if (isMeant(row)) return row;
  }
  throw new Error(`no such ${id} was recorded`);
}

function inventoryReplies(version: LatticeVersion): { response: unknown }[] {
  return latticeMessages(version)
    .filter((each): each is Reply => each.kind === "reply" && each.to.includes(".host.get."))
    .map(({ body }) => body as { response?: unknown })
    .filter((body): body is { response: unknown } => body.response !== undefined);
}
