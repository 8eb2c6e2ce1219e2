import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { Failure, type HttpCaller } from "../../shared/contract/index.ts";
import type { HttpAccess } from "./http-access.ts";
import { readBody } from "./http-body.ts";
import { browserName } from "./user-agent.ts";

export const sessionPath = "/api/session";

/** Nobody has shown a proof yet. */
const mostBytes = 4_096;
const exchangeSchema = z.object({ token: z.string().max(1_000) });

/** `POST /api/session`: trades the one-time token of a sign-in link, which is the proof, for the secret of a session. */
export async function openSession(
  request: IncomingMessage,
  { sessions }: HttpAccess,
): Promise<{ session: string }> {
  const body = exchangeSchema.safeParse(await readBody(request, mostBytes));
  const token = body.success ? body.data.token : "";
  return { session: sessions.redeem(token, browserName(request.headers["user-agent"])) };
}

/** `GET /api/session`: who calls; asking counts as use. */
export function describeCaller({ actor, scope }: HttpCaller): Pick<HttpCaller, "actor" | "scope"> {
  return { actor, scope };
}

/** `DELETE /api/session`: signs the calling browser out; whatever its scope. Throws `conflict` for a token. */
export function closeOwnSession({ sessions }: HttpAccess, { id }: HttpCaller): { closed: true } {
  if (sessions.close(id, "signed-out")) return { closed: true };
  throw new Failure({
    code: "conflict",
    message: "A token is no session: it cannot be signed out.",
    hint: "Revoke it with DELETE /api/console/tokens/{tokenId}.",
  });
}
