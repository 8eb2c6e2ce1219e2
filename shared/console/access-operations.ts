import { z } from "zod";
import { local, query, scopeSchema } from "../contract/index.ts";
import { sessionSchema, tokenNameSchema, tokenSchema } from "./access-schema.ts";

export const accessOperations = {
  "console.tokens.list": query({
    method: "GET",
    path: "/console/tokens",
    summary: "Lists the tokens of the HTTP interface; their texts are not known to the console.",
    refresh: { everyMs: 10_000, requests: 0 },
    input: z.object({}),
    output: z.array(tokenSchema),
  }),
  "console.tokens.create": local({
    method: "POST",
    path: "/console/tokens",
    summary: "Makes a token for the HTTP interface; its text is shown only this once.",
    input: z.object({
      name: tokenNameSchema.describe("Who or what uses it; changes that it makes carry this name."),
      scope: scopeSchema,
      expiresInDays: z.number().int().min(1).max(3_650).optional(),
    }),
    output: tokenSchema.extend({ token: z.string() }),
  }),
  "console.tokens.revoke": local({
    method: "DELETE",
    path: "/console/tokens/{tokenId}",
    summary: "Ends a token at once, with its streams, its sign-in links and the sessions made by them.",
    input: z.object({ tokenId: z.string() }),
    output: z.object({ revoked: z.boolean() }),
  }),
  "console.sessions.list": query({
    method: "GET",
    path: "/console/sessions",
    summary: "Lists the browsers that are signed in.",
    refresh: { everyMs: 10_000, requests: 0 },
    input: z.object({}),
    output: z.array(sessionSchema),
  }),
  "console.sessions.close": local({
    method: "DELETE",
    path: "/console/sessions/{sessionId}",
    summary: "Signs a browser out at once, whatever it is doing.",
    input: z.object({ sessionId: z.string() }),
    output: z.object({ closed: z.boolean() }),
  }),
  "console.sessions.invite": local({
    method: "POST",
    path: "/console/sign-in-links",
    summary: "Makes an address that signs one browser in, once, within five minutes.",
    input: z.object({
      scope: scopeSchema.optional().describe("What the browser may do; never more than who asks."),
    }),
    output: z.object({ address: z.string(), expiresAt: z.string() }),
  }),
};
