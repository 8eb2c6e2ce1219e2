import { z } from "zod";
import { activityBoundsSchema, defaultActivityBounds } from "../activity/retention.ts";

/** Whether this console also answers over HTTP, and where. */
export const httpInterfaceStateSchema = z.object({
  on: z.boolean(),
  port: z.number().int().optional(),
  address: z.string().optional().describe("Base address of the operations, on loopback."),
  tokenFile: z.string().optional().describe("File with the bearer token, readable for its owner only."),
});
export type HttpInterfaceState = z.infer<typeof httpInterfaceStateSchema>;

/** An Electron that is older than the desktop application is built for, as a development checkout may run on. */
export const oldElectronSchema = z.object({
  version: z.string(),
  builtFor: z.string(),
  failure: z.string().optional().describe("Why the other one could not be downloaded, where that is known."),
});
export type OldElectron = z.infer<typeof oldElectronSchema>;

const preferences = {
  notifyWhenSettled: z
    .boolean()
    .describe(
      "The desktop application notifies when an activity settles while its window is in the background.",
    ),
  keepActivities: activityBoundsSchema,
};

/** How this console behaves towards the person at this machine. */
export const preferencesSchema = z.object({
  notifyWhenSettled: preferences.notifyWhenSettled.default(true),
  keepActivities: preferences.keepActivities.default(defaultActivityBounds),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** Some of the preferences; the others stay as they are. */
export const preferenceChangeSchema = z.object(preferences).partial();
export type PreferenceChange = z.infer<typeof preferenceChangeSchema>;
