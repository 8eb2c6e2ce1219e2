import { Failure } from "../../shared/contract/index.ts";
import { type ServerLevel, serverLevels } from "../../shared/forge/schema.ts";

/** Whether a server has what came with a version. */
function hasLevel(level: ServerLevel, wanted: ServerLevel): boolean {
  return serverLevels.indexOf(level) >= serverLevels.indexOf(wanted);
}

/** A version as it is known: from routes, so newer ones look like the last that brought a route. */
export function levelText(level: ServerLevel): string {
  return level === "0.3" ? "0.3.0 or later" : level === "0.1" ? "0.1.x" : level;
}

/** Throws `not_found` where the server's version does not have what is asked for; nothing was sent then. */
export function requireLevel(level: ServerLevel, wanted: ServerLevel, what: string): void {
  if (hasLevel(level, wanted)) return;
  throw new Failure({
    code: "not_found",
    message: `${what}: this server (forge-jobs ${levelText(level)}) cannot do it.`,
    details: { level, wanted, delivered: false },
    hint: `It came with forge-jobs ${wanted === "0.3" ? "0.3.0" : wanted}.`,
  });
}
