import { z } from "zod";

export const scopeSchema = z
  .enum(["read", "change"])
  .describe("`read`: queries and live topics only; `change`: everything.");

/** What a caller may do at most, whatever the guards say. */
export type Scope = z.infer<typeof scopeSchema>;

/** Whom a token or a session of the HTTP interface stands for. */
export interface HttpCaller {
  id: string;
  /** As records tell it. */
  actor: string;
  scope: Scope;
  /** The id of the token that it is or goes back to, or how else its sign-in link came about. */
  origin: string;
}

/** Why a session is over, in `details.ended` of the failure; a console that was started again does not know. */
export const sessionEndSchema = z.enum(["idle", "expired", "signed-out", "revoked"]);
export type SessionEnd = z.infer<typeof sessionEndSchema>;

/** What a one-time token is traded for at `POST /api/session`. */
export const openedSessionSchema = z.object({ session: z.string() });
