import { type ServerLevel, serverLevels } from "./schema.ts";

/** Whether a server has what came with a version. */
export function hasLevel(level: ServerLevel, wanted: ServerLevel): boolean {
  return serverLevels.indexOf(level) >= serverLevels.indexOf(wanted);
}

/** A version as it is known: from routes, so newer ones look like the last that brought a route. */
export function levelText(level: ServerLevel): string {
  return level === "0.3" ? "0.3.0 or later" : level === "0.1" ? "0.1.x" : level;
}
