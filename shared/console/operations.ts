import { z } from "zod";
import { local, query } from "../contract/index.ts";
import {
  httpInterfaceStateSchema,
  oldElectronSchema,
  preferenceChangeSchema,
  preferencesSchema,
} from "./schema.ts";

export const consoleOperations = {
  "console.info": query({
    method: "GET",
    path: "/info",
    summary: "Says what this console is and how it runs.",
    refresh: { everyMs: 30_000, requests: 0 },
    input: z.object({}),
    output: z.object({
      name: z.string(),
      version: z.string(),
      builtAt: z.iso
        .datetime()
        .optional()
        .describe("When it was built; missing where the sources run unbuilt."),
      runtime: z
        .object({ electron: z.string().optional(), chromium: z.string().optional(), node: z.string() })
        .describe("What it runs on, by version."),
      mode: z.enum(["desktop", "headless"]),
      platform: z.string(),
      oldElectron: oldElectronSchema
        .optional()
        .describe("Set while the desktop application runs on an older Electron than it is built for."),
      secretStorage: z.enum(["keychain", "file", "memory"]).describe("Where secrets are kept."),
      notices: z.array(z.string()).describe("What the operator should know, such as a repaired database."),
    }),
  }),
  "console.http.get": query({
    method: "GET",
    path: "/http",
    summary: "Says whether this console answers over HTTP, and where its token is kept.",
    refresh: "once",
    input: z.object({}),
    output: httpInterfaceStateSchema,
  }),
  "console.http.switch": local({
    method: "POST",
    path: "/http",
    summary: "Switches the HTTP interface of the desktop application on or off; it is on loopback only.",
    input: z.object({
      on: z.boolean(),
      port: z.number().int().min(0).max(65_535).default(0).describe("0 takes a free one."),
    }),
    output: httpInterfaceStateSchema,
  }),
  "console.preferences.get": query({
    method: "GET",
    path: "/preferences",
    summary: "Says how this console behaves towards the person at this machine.",
    refresh: "by hand",
    input: z.object({}),
    output: preferencesSchema,
  }),
  "console.preferences.save": local({
    method: "PUT",
    path: "/preferences",
    summary:
      "Changes how this console behaves towards the person at this machine; what is not given stays as it is.",
    input: preferenceChangeSchema,
    output: preferencesSchema,
  }),
};
