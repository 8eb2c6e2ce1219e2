import { Failure } from "../../../shared/contract/index.ts";
import { hasLevel, levelText } from "../../../shared/forge/level.ts";
import type { ServerLevel } from "../../../shared/forge/schema.ts";

/** The session, of a server whose version has what is asked for. Throws `not_found` elsewhere; nothing was sent then. */
export function requireLevel<Session extends { level: ServerLevel }>(
  session: Session,
  wanted: ServerLevel,
  what: string,
): Session {
  const { level } = session;
  if (hasLevel(level, wanted)) return session;
  throw new Failure({
    code: "not_found",
    message: `${what}: this server (forge-jobs ${levelText(level)}) cannot do it.`,
    details: { level, wanted, delivered: false },
    hint: `It came with forge-jobs ${wanted === "0.3" ? "0.3.0" : wanted}.`,
  });
}
