import type { ComponentRow, HostRow } from "../../shared/lattice/schema.ts";
import type { Action } from "../command/action.ts";
import { typedImage } from "../command/typed-image.ts";
import { formatQuantity } from "../ui/format.ts";
import { ScaleDialog } from "./scale/scale-dialog.tsx";
import { parseCount } from "./scale/scale-plan.ts";
import { StartComponentDialog } from "./start/start-component-dialog.tsx";
import { StopComponentsDialog } from "./stop/stop-components-dialog.tsx";
import { UpdateDialog } from "./update/update-dialog.tsx";

type Rows = readonly ComponentRow[];

const scale: Action<ComponentRow> = {
  id: "component-scale",
  operation: "lattice.components.scale",
  verb: "Scale",
  synonyms: "resize instances",
  label: (rows, count) => `Scale ${nameOf(rows)}${count === undefined ? "" : ` to ${count}`}`,
  button: (rows) => `Scale on ${formatQuantity(rows.length, "host")}…`,
  key: "s",
  bulk: true,
  primary: true,
  refusal: (rows) => unlessOne(rows, "a scale"),
  parameter: (text) => (parseCount(text).ok ? text : undefined),
  Dialog: ({ things, value, onClose }) => <ScaleDialog rows={things} count={value} onClose={onClose} />,
};

const update: Action<ComponentRow> = {
  id: "component-update",
  operation: "lattice.components.update",
  verb: "Update",
  synonyms: "upgrade image release deploy restart",
  label: (rows, image) => `Update ${nameOf(rows)} to ${image ?? "another image"}`,
  key: "u",
  bulk: true,
  refusal: (rows) => unlessOne(rows, "an update"),
  parameter: typedImage,
  Dialog: ({ things, value, onClose }) => <UpdateDialog rows={things} image={value} onClose={onClose} />,
};

const spread: Action<ComponentRow> = {
  id: "component-spread",
  operation: "lattice.components.start",
  verb: "Start",
  synonyms: "spread more hosts",
  label: (rows) => `Start ${nameOf(rows)} on more hosts`,
  button: () => "More hosts…",
  key: "m",
  Dialog: ({ things: [like], onClose }) => <StartComponentDialog {...(like && { like })} onClose={onClose} />,
};

const place: Action<ComponentRow> = {
  id: "component-place",
  verb: "Place",
  synonyms: "auction",
  label: (rows) => `Find hosts for ${nameOf(rows)}`,
  key: "p",
  leadsTo: ([row]) => ({
    page: "placement",
    search: `${new URLSearchParams({ kind: "component", id: row?.id ?? "", image: row?.imageReference ?? "" })}`,
  }),
};

const stop: Action<ComponentRow> = {
  id: "component-stop",
  operation: "lattice.components.scale",
  verb: "Stop",
  synonyms: "kill remove",
  label: (rows) => `Stop ${nameOf(rows)}`,
  key: "x",
  bulk: true,
  destructive: true,
  Dialog: ({ things, onClose }) => <StopComponentsDialog rows={things} onClose={onClose} />,
};

/** What can be done with a component on the hosts that run it, or on some of them. */
export const componentActions: readonly Action<ComponentRow>[] = [scale, update, spread, place, stop];

/** What can be done with components on chosen hosts, or on one. */
export const placementActions: readonly Action<ComponentRow>[] = [scale, update, stop];

/** Starts a component, on hosts that are chosen already where there are any. */
export const startComponent: Action<HostRow> = {
  id: "component-start",
  operation: "lattice.components.start",
  verb: "Start a component",
  synonyms: "new run",
  label: (hosts) => (hosts.length === 0 ? "Start a component" : `Start a component on ${hostsText(hosts)}`),
  key: "n",
  primary: true,
  bulk: true,
  Dialog: ({ things, onClose }) => (
    <StartComponentDialog hostIds={things.map(({ id }) => id)} onClose={onClose} />
  ),
};

function nameOf(rows: Rows): string {
  const ids = new Set(rows.map(({ id }) => id));
  return ids.size === 1 ? (rows[0]?.id ?? "") : formatQuantity(ids.size, "component");
}

/** A scale or an update concerns one component: its number or image means nothing for another one. */
function unlessOne(rows: Rows, what: string): string | undefined {
  const one = rows.length > 0 && rows.every(({ id }) => id === rows[0]?.id);
  return one ? undefined : `Choose rows of one component; ${what} concerns one at a time.`;
}

/** The host by its name, or how many they are. */
export function hostsText(hosts: readonly HostRow[]): string {
  const [only] = hosts;
  return hosts.length === 1 && only ? only.friendlyName : formatQuantity(hosts.length, "host");
}
