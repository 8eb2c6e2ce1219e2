import { Failure } from "../../../shared/contract/index.ts";
import { hasLevel, levelText } from "../../../shared/forge/level.ts";
import type { ServerLevel } from "../../../shared/forge/schema.ts";

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
