import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { curlOf } from "../../command/curl-commands.ts";
import type { CopiedCommands } from "../../command/wire-commands.ts";
import { type CommandPlace, wireCommands } from "../copy-as.ts";

/** Stores a link as it is (wasmcloud-control §2.13). */
export function putLinkCommands(place: CommandPlace, link: LinkRow): CopiedCommands {
  const { connectionId, lattice } = place;
  const payload = {
    ...keyOf(link),
    target: link.target,
    interfaces: link.interfaces,
    source_config: link.sourceConfig,
    target_config: link.targetConfig,
  };
  return {
    ...wireCommands(place, "link.put", payload),
    curl: [curlOf("lattice.links.put", { connectionId, lattice, ...link })],
  };
}

/** The key alone: a deletion knows neither target nor interfaces (wasmcloud-control §2.14). */
function keyOf({ sourceId, name, witNamespace, witPackage }: LinkRow) {
  return { source_id: sourceId, name, wit_namespace: witNamespace, wit_package: witPackage };
}

/** Deletes the first link with this one's source, package and name. */
export function deleteLinkCommands(place: CommandPlace, link: LinkRow): CopiedCommands {
  const { connectionId, lattice } = place;
  const { sourceId, name, witNamespace, witPackage } = link;
  const input = { connectionId, lattice, sourceId, name, witNamespace, witPackage };
  return { ...wireCommands(place, "link.del", keyOf(link)), curl: [curlOf("lattice.links.delete", input)] };
}
