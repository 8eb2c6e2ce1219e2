import { z } from "zod";
import { scopeSchema } from "../contract/index.ts";

/** The id and the name of the token in the token file, which is not made here. */
export const fileToken = { id: "token-file", name: "token file" } as const;

/** A name as a person reads it in a list and in the record of a change. */
export const tokenNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@/+-]*$/u, "letters, digits, blanks and . _ @ / + - only");

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: scopeSchema,
  createdAt: z.string().optional().describe("Absent for the token of the token file."),
  expiresAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
});
export type AccessToken = z.infer<typeof tokenSchema>;

export const sessionSchema = z.object({
  id: z.string().describe("Names the session in lists and records; it opens nothing."),
  scope: scopeSchema,
  madeBy: z.string().describe("Who made its sign-in link."),
  browser: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  expiresAt: z.string().describe("When it ends, however much it is used."),
  own: z.boolean().describe("Whether it is the one that asks."),
});
export type BrowserSession = z.infer<typeof sessionSchema>;
