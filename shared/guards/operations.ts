import { z } from "zod";
import { local, query, topic, unlockSchema } from "../contract/index.ts";

export const guardsOperations = {
  "guards.list": query({
    method: "GET",
    path: "/guards/unlocked",
    summary: "Lists the protected connections that are unlocked, and until when.",
    refresh: "live",
    input: z.object({}),
    output: z.array(unlockSchema),
  }),
  "guards.lock": local({
    method: "POST",
    path: "/connections/{connectionId}/lock",
    summary: "Locks an unlocked protected connection at once.",
    input: z.object({ connectionId: z.string() }),
    output: z.object({ locked: z.boolean().describe("False: it was not unlocked.") }),
  }),
};

export const guardsTopics = {
  guards: topic({ scope: "console", row: unlockSchema, key: (row) => row.connectionId }),
};
