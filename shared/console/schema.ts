import { z } from "zod";

/** Whether this console also answers over HTTP, and where. */
export const httpInterfaceStateSchema = z.object({
  on: z.boolean(),
  port: z.number().int().optional(),
  address: z.string().optional().describe("Base address of the operations, on loopback."),
  tokenFile: z.string().optional().describe("File with the bearer token, readable for its owner only."),
});
export type HttpInterfaceState = z.infer<typeof httpInterfaceStateSchema>;
