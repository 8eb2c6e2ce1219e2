import type { SelectedLattice } from "./ui-store.ts";

/** The pages of the console, in the order of the navigation. */
export const pageNames = [
  "overview",
  "hosts",
  "components",
  "providers",
  "events",
  "activity",
  "connections",
] as const;
export type PageName = (typeof pageNames)[number];

/** Whether a page makes sense without a selected lattice. */
export function isConsolePage(page: PageName): boolean {
  return page === "activity" || page === "connections";
}

/** The address of a page; without a selection only the pages of the console itself have one. */
export function pathTo(page: PageName, selection: SelectedLattice | undefined): string {
  if (!selection) return isConsolePage(page) ? `/${page}` : "/connections";
  const { connectionId, lattice } = selection;
  return `/c/${encodeURIComponent(connectionId)}/${encodeURIComponent(lattice)}/${page}`;
}

/** The selection that an address names, if any. */
export function selectionOfPath(pathname: string): SelectedLattice | undefined {
  const match = /^\/c\/([^/]+)\/([^/]+)(?:\/|$)/.exec(pathname);
  if (!match) return undefined;
  const connectionId = decoded(match[1] as string);
  const lattice = decoded(match[2] as string);
  return connectionId && lattice ? { connectionId, lattice } : undefined;
}

/** The page that an address names; `overview` where it names none. */
export function pageOfPath(pathname: string): PageName {
  const rest = pathname.replace(/^\/c\/[^/]+\/[^/]+/, "");
  const name = rest.split("/")[1];
  return pageNames.find((page) => page === name) ?? "overview";
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
