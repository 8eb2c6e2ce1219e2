import { z } from "zod";
import { query } from "../contract/index.ts";

export const consoleOperations = {
  "console.info": query({
    method: "GET",
    path: "/info",
    summary: "Says what this console is and how it runs.",
    input: z.object({}),
    output: z.object({
      name: z.string(),
      version: z.string(),
      mode: z.enum(["desktop", "headless"]),
      platform: z.string(),
      secretStorage: z.enum(["keychain", "file", "memory"]).describe("Where secrets are kept."),
      notices: z.array(z.string()).describe("What the operator should know, such as a repaired database."),
    }),
  }),
};
