import { z } from "zod";

/** How much of the log of activities is kept; whatever is reached first. */
export const activityBoundsSchema = z.object({
  days: z.number().int().min(7).max(36_500).describe("Days that an activity is kept after its last step."),
  atMost: z.number().int().min(1_000).max(2_000_000).describe("Number of activities that are kept."),
});
export type ActivityBounds = z.infer<typeof activityBoundsSchema>;

export const defaultActivityBounds: ActivityBounds = { days: 365, atMost: 200_000 };
