import { z } from "zod";

/** How much stands between a click and a change on a connection. */
const guards = ["open", "confirm", "protected", "read-only"] as const;
export const guardSchema = z.enum(guards);
export type Guard = z.infer<typeof guardSchema>;

/** What the dispatcher must know of a connection to guard it. */
export interface GuardedConnection {
  id: string;
  name: string;
  guard: Guard;
  /** Minutes for which the typed name unlocks a protected connection; 0 asks for it every time. */
  relockMinutes: number;
  /** What it leads to: a confirmation for one target is none for another. */
  system?: string;
  target?: unknown;
}

/** A change of a guard, or of what is guarded. */
export interface GuardedChange {
  /** Whose guard it is under, as it is before the change. */
  connection: GuardedConnection;
  /** The audit record's title. */
  title: string;
  /** A person in the window may do it on a read-only connection too, by typing its name. */
  mayLiftReadOnly?: boolean;
}

/** A protected connection whose name was typed: until then, a confirmation does without it. */
export const unlockSchema = z.object({
  connectionId: z.string(),
  unlockedUntil: z.iso.datetime(),
});
export type Unlock = z.infer<typeof unlockSchema>;

/** `details` of a `confirmation_required` failure. */
export const confirmationRequestSchema = z.object({
  token: z.string().describe("Send it back with the very same input."),
  guard: guardSchema,
  phraseNeeded: z.boolean().describe("The connection's name has to be typed."),
  expiresAt: z.iso.datetime(),
});
export type ConfirmationRequest = z.infer<typeof confirmationRequestSchema>;
