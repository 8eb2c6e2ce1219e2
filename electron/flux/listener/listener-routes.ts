import { type ProtocolVersion, protocolVersions } from "../../../shared/flux/schema.ts";

/** What a path means; a prefix, as of a reverse proxy, does not matter (flux-rpc §1.3). */
export type Route =
  | { kind: "register"; protocol: ProtocolVersion }
  | { kind: "unsupported"; protocol: number }
  | { kind: "events" }
  | { kind: "unknown" };

/** Reads the path of a request. */
export function routeOf(url: string | undefined): Route {
  const path = (url ?? "").split("?", 1)[0] ?? "";
  if (/(^|\/)v6\/events$/.test(path)) return { kind: "events" };
  const match = /(?:^|\/)v(\d{1,3})\/daemon$/.exec(path);
  if (!match) return { kind: "unknown" };
  const protocol = protocolVersions.find((version) => version === Number(match[1]));
  if (protocol === undefined) return { kind: "unsupported", protocol: Number(match[1]) };
  return { kind: "register", protocol };
}
