import { z } from "zod";
import { local, query } from "../contract/index.ts";

const simulatedHostSchema = z.object({
  id: z.string(),
  friendlyName: z.string(),
  version: z.string(),
  status: z.string(),
  lattice: z.string(),
});

export const playgroundStateSchema = z.object({
  running: z.boolean(),
  starting: z.boolean().describe("The lattice will be there in a moment."),
  natsRunning: z.boolean(),
  address: z.string().optional(),
  hosts: z.array(simulatedHostSchema),
});
export type PlaygroundState = z.infer<typeof playgroundStateSchema>;

/** What can be done to the simulated systems themselves, to see how the console shows it. */
export const playgroundOperations = {
  "playground.get": query({
    method: "GET",
    path: "/playground",
    summary: "Says which simulated systems run inside this console.",
    refresh: { everyMs: 300, requests: 0 },
    input: z.object({}),
    output: playgroundStateSchema,
  }),
  "playground.disturb": local({
    method: "POST",
    path: "/playground/disturb",
    summary:
      "Kills, freezes, resumes or stops a simulated host or the simulated NATS server, or adds a host.",
    input: z
      .object({
        action: z.enum([
          "kill-host",
          "freeze-host",
          "resume-host",
          "stop-host",
          "add-host",
          "kill-nats",
          "restart-nats",
          "lose-next-events",
        ]),
        hostId: z.string().optional(),
      })
      .refine(
        (input) =>
          input.hostId !== undefined || !input.action.endsWith("-host") || input.action === "add-host",
        {
          path: ["hostId"],
          message: "say which host",
        },
      ),
    output: playgroundStateSchema,
  }),
};
