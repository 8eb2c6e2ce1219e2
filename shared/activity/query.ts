import { z } from "zod";
import { type Activity, type ActivityState, activityStates } from "../contract/index.ts";

const oneState = activityStates.join("|");
const partSchema = z.string().min(1).max(200);

/** Which activities are meant; all that is given must hold. */
export const activityQuerySchema = z.object({
  connectionId: z.string().optional(),
  state: z
    .string()
    .regex(
      new RegExp(`^(${oneState})(,(${oneState}))*$`),
      `one of ${activityStates.join(", ")}, or several with commas`,
    )
    .optional()
    .describe("A state, or several with commas."),
  operation: z.string().optional().describe("Name of the command, such as lattice.components.scale."),
  target: partSchema.optional().describe("Part of the target's name or id, or of its host's."),
  text: partSchema
    .optional()
    .describe("Part of the title, of what is known, of the reason, or of who did it."),
  from: z.iso.datetime({ offset: true }).optional().describe("Begun at this time or later."),
  to: z.iso.datetime({ offset: true }).optional().describe("Begun before this time."),
  batch: z.string().optional(),
});
export type ActivityQuery = z.infer<typeof activityQuerySchema>;

/** The states that a query names. */
export function statesOf({ state }: Pick<ActivityQuery, "state">): ActivityState[] {
  return (state?.split(",") ?? []) as ActivityState[];
}

/** The texts of an activity that `target` looks into. */
export const targetFields = ["target.label", "target.id", "target.hostName", "target.hostId"] as const;

/** The texts of an activity that `text` looks into. */
export const textFields = ["title", "message", "reason", "actor"] as const;

/** A time in the one form that sorts as text. */
export function sortableTime(time: string): string {
  return new Date(time).toISOString();
}

/** Whether an activity fits, exactly as the log decides it. */
export function fitsActivityQuery(activity: Activity, query: ActivityQuery): boolean {
  const { connectionId, state, operation, target, text, from, to, batch } = query;
  return (
    (connectionId === undefined || activity.connectionId === connectionId) &&
    (state === undefined || statesOf(query).includes(activity.state)) &&
    (operation === undefined || activity.operation === operation) &&
    (batch === undefined || activity.batch === batch) &&
    (from === undefined || activity.startedAt >= sortableTime(from)) &&
    (to === undefined || activity.startedAt < sortableTime(to)) &&
    (target === undefined ||
      hasPart(
        targetFields.map((field) => fieldOf(activity, field)),
        target,
      )) &&
    (text === undefined ||
      hasPart(
        textFields.map((field) => fieldOf(activity, field)),
        text,
      ))
  );
}

function fieldOf(
  activity: Activity,
  path: (typeof targetFields | typeof textFields)[number],
): string | undefined {
  if (!path.startsWith("target.")) return activity[path as (typeof textFields)[number]];
  return activity.target?.[path.slice("target.".length) as "label" | "id" | "hostName" | "hostId"];
}

function hasPart(texts: readonly (string | undefined)[], part: string): boolean {
  const wanted = lowered(part);
  return texts.some((text) => text !== undefined && lowered(text).includes(wanted));
}

/** The log's database ignores the case of ASCII letters only. */
function lowered(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
