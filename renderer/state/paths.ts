import type { System } from "../../shared/connections/schema.ts";
import type { Selected } from "./ui-store.ts";

/** The pages of the console itself: they make sense without a selected connection. */
const consolePages = ["activity", "connections"] as const;

/** The pages of each system, in the order of the navigation; the first is where one arrives. */
const systemPages = {
  lattice: [
    "overview",
    "hosts",
    "components",
    "providers",
    "links",
    "config",
    "claims",
    "topology",
    "placement",
    "events",
  ],
  forge: ["queues", "jobs", "schedules", "workers", "metrics", "storage"],
  flux: ["daemons", "workloads", "images", "syncs", "changes", "repositories"],
  flowfabric: ["rotations", "executions", "waitpoints", "budgets", "server"],
} as const satisfies Record<System, readonly string[]>;

export type PageName = (typeof systemPages)[System][number] | (typeof consolePages)[number];

/** The pages of a selection, or those of the console alone. */
export function pagesOf(selection: Selected | undefined): readonly PageName[] {
  return selection ? [...systemPages[systemOf(selection)], ...consolePages] : consolePages;
}

export function isConsolePage(page: PageName): boolean {
  return consolePages.some((name) => name === page);
}

/** The system that a selection leads to. */
export function systemOf(selection: Selected): System {
  return selection.system ?? "lattice";
}

/** The address of a page; the first page of the system where it has no page of that name; without a selection only the console's pages have one. */
export function pathTo(page: PageName, selection: Selected | undefined): string {
  if (!selection) return isConsolePage(page) ? `/${page}` : "/connections";
  const pages = pagesOf(selection);
  return `${rootOf(selection)}/${pages.includes(page) ? page : pages[0]}`;
}

function rootOf(selection: Selected): string {
  const connection = encodeURIComponent(selection.connectionId);
  return selection.system === undefined
    ? `/c/${connection}/${encodeURIComponent(selection.lattice)}`
    : `/${selection.system}/${connection}`;
}

/** The selection that an address names, if any. */
export function selectionOfPath(pathname: string): Selected | undefined {
  const match = selectionPattern.exec(pathname);
  if (!match) return undefined;
  const connectionId = decoded(match[2] ?? match[4] ?? "");
  if (!connectionId) return undefined;
  if (match[1]) return { system: match[1] as "flowfabric" | "forge" | "flux", connectionId };
  const lattice = decoded(match[5] ?? "");
  return lattice ? { connectionId, lattice } : undefined;
}

const selectionPattern = /^\/(?:(flowfabric|forge|flux)\/([^/]+)|(c)\/([^/]+)\/([^/]+))(?:\/|$)/;

/** The page that an address names; the first of its system where it names none. */
export function pageOfPath(pathname: string): PageName {
  const rest = pathname.replace(selectionPattern, "/");
  const name = rest.split("/")[1];
  const selection = selectionOfPath(pathname);
  const pages = selection ? pagesOf(selection) : [...systemPages.lattice, ...consolePages];
  return pages.find((page) => page === name) ?? pages[0] ?? "connections";
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
