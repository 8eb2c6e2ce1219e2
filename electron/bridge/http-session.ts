import type { IncomingMessage, ServerResponse } from "node:http";
import { parse, serialize } from "hono/utils/cookie";
import { checkSite, type HttpAccess } from "./http-access.ts";
import { sendText } from "./http-reply.ts";

/** Of each port its own: cookies know no port, and a second console would end the session of the first. */
const cookieName = (port: number) => `switchyard-session-${port}`;

/** Throws `forbidden` for a foreign page, `unauthenticated` unless the request holds the bearer token or the cookie of a session. */
export function checkAccess({ headers }: IncomingMessage, access: HttpAccess, port: number): void {
  checkSite(headers["sec-fetch-site"]);
  const session = headers.authorization ? undefined : sessionIn(headers.cookie ?? "", port);
  access.check(headers.authorization, session);
}

function sessionIn(cookies: string, port: number): string | undefined {
  const name = cookieName(port);
  return parse(cookies, name)[name];
}

/** Trades the one-time token of an address for a session, and sends the browser to the page. */
export function openSession(
  response: ServerResponse,
  token: string,
  { access, port }: { access: HttpAccess; port: () => number },
): void {
  const session = access.redeem(token);
  const headers = ["Location", "/", "Cache-Control", "no-store"];
  const options = { httpOnly: true, sameSite: "Strict", path: "/" } as const;
  if (session) headers.push("Set-Cookie", serialize(cookieName(port()), session, options));
  sendText(response, { status: 302, headers, text: "" });
}
