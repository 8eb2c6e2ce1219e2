import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpAccess } from "./http-access.ts";
import { sendText } from "./http-reply.ts";

const cookieName = "switchyard-session";
const cookie = new RegExp(`(?:^|; ?)${cookieName}=([\\w-]+)`);

/** Throws `unauthenticated` unless the request holds the bearer token or the cookie of a session. */
export function checkAccess({ headers }: IncomingMessage, access: HttpAccess): void {
  const session = headers.authorization ? undefined : cookie.exec(headers.cookie ?? "")?.[1];
  access.check(headers.authorization, session);
}

/** Trades the one-time token of an address for a session, and sends the browser to the page. */
export function openSession(response: ServerResponse, token: string, access: HttpAccess): void {
  const session = access.redeem(token);
  const headers = ["Location", "/", "Cache-Control", "no-store"];
  if (session) headers.push("Set-Cookie", `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`);
  sendText(response, { status: 302, headers, text: "" });
}
