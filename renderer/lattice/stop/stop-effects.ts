import type { HostRow, LinkRow, UpdateOrigin } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";

/** A component or provider on a host, as far as a stop is concerned. */
export interface Stoppable {
  hostId: string;
  hostName: string;
  id: string;
  managedByWadm: boolean;
}

/** What is known of the lattice when a stop is planned. */
interface StopKnowledge {
  /** Everything of the same kind, what is to be stopped included. */
  all: readonly Stoppable[];
  hosts: readonly Pick<HostRow, "id" | "status" | "friendlyName" | "version">[];
  links: readonly LinkRow[];
}

export interface StopEffects {
  /** On how many other hosts each id goes on. */
  elsewhere: ReadonlyMap<string, number>;
  /** Ids that would run nowhere any more, as far as is known. */
  lost: readonly string[];
  /** Links that would lose an end. */
  links: readonly LinkRow[];
}

/** What a stop of some rows means for the lattice; hosts that are lost or stopped carry nothing. */
export function stopEffects(rows: readonly Stoppable[], known: StopKnowledge): StopEffects {
  const gone = new Set(rows.map(placeOf));
  const running = new Set(
    known.hosts.filter(({ status }) => status !== "lost" && status !== "stopped").map(({ id }) => id),
  );
  const elsewhere = new Map(rows.map(({ id }) => [id, 0]));
  for (const row of known.all) {
    const count = elsewhere.get(row.id);
    if (count === undefined || gone.has(placeOf(row)) || !running.has(row.hostId)) continue;
    elsewhere.set(row.id, count + 1);
  }
  const lost = [...elsewhere].filter(([, count]) => count === 0).map(([id]) => id);
  const ends = new Set(lost);
  const links = known.links.filter(({ sourceId, target }) => ends.has(sourceId) || ends.has(target));
  return { elsewhere, lost, links };
}

/** What a stop costs is not known as long as links are known from events only. */
export function unreadLinksWarning(linksReadAt: string | undefined): readonly string[] {
  return linksReadAt === undefined
    ? ["The list of links could not be read: links that would lose an end may be missing here."]
    : [];
}

/** What has to be known before components are stopped (wasmcloud-control §2.6, trap 25). */
export function componentStopWarnings(
  rows: readonly Stoppable[],
  hosts: StopKnowledge["hosts"],
): readonly string[] {
  const versions = new Map(hosts.map(({ id, version }) => [id, version]));
  const old = rows.filter(({ hostId }) => isAtLeast(versions.get(hostId), "1.5.1") === false);
  const names = [...new Set(old.map(({ hostName }) => hostName))];
  return [
    ...managedWarning(rows),
    ...(names.length > 0
      ? [
          `Before 1.5.1 a host fetches the image even to stop (${names.join(", ")}): where it is gone, the stop fails.`,
        ]
      : []),
  ];
}

const originTexts: Record<UpdateOrigin, string> = {
  sent: "",
  open: " (outcome open)",
  seen: " (by somebody else)",
  "image-changed": " (another image than before the console was away)",
};

/** What a stop does not end: code from before an update, where one is known (wasmcloud-control §2.7, trap 44). */
export function oldCodeWarning(
  rows: readonly Pick<Stoppable, "hostId" | "hostName" | "id">[],
  updated: readonly { hostId: string; componentId: string; updateOrigin: UpdateOrigin }[],
): readonly string[] {
  const origins = new Map(
    updated.map(({ hostId, componentId, updateOrigin }) => [
      placeOf({ hostId, id: componentId }),
      updateOrigin,
    ]),
  );
  const names = rows.flatMap((row) => {
    const origin = origins.get(placeOf(row));
    return origin === undefined ? [] : [`${row.id} on ${row.hostName}${originTexts[origin]}`];
  });
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
  const isOpen = rows.some((row) => origins.get(placeOf(row)) === "open");
  return [
    `Updated while the host ran: ${shown}. The code from before that may go on answering after the stop, until the host is restarted.`,
    ...(isOpen
      ? [
          "A host that still updates undoes a stop that it gets meanwhile: wait for the outcome of the update.",
        ]
      : []),
  ];
}

/** Says that wadm will undo it; nothing where wadm manages none of the rows. */
export function managedWarning(rows: readonly Stoppable[]): readonly string[] {
  const managed = rows.filter(({ managedByWadm }) => managedByWadm).length;
  if (managed === 0) return [];
  const which = rows.length === 1 ? "this" : managed === rows.length ? "these" : `${managed} of these`;
  return [`wadm manages ${which} and will put back what its manifest says.`];
}

/** A link as one line: `cart → keyvalue-redis · wasi:keyvalue`. */
export function linkText(link: LinkRow): string {
  const name = link.name === "default" ? "" : ` (${link.name})`;
  return `${link.sourceId} → ${link.target} · ${link.witNamespace}:${link.witPackage}${name}`;
}

function placeOf({ hostId, id }: Pick<Stoppable, "hostId" | "id">): string {
  return `${hostId}/${id}`;
}
