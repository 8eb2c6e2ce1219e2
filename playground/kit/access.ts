import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** A secret for one life of one simulated server. */
export function newToken(): string {
  return randomBytes(24).toString("base64url");
}

/** A name of this machine's loopback, with any port: what is reached through a tunnel has another one. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Whether a request may come from a web page that this server did not send. Browsers let every page ask loopback, and
 * say so in these headers; a name that was made to lead to loopback (DNS rebinding) stays in Host.
 */
function isForeign({ host = "", origin, "sec-fetch-site": site }: IncomingMessage["headers"]): boolean {
  if (!loopback.test(host)) return true;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return true;
  return site !== undefined && site !== "none" && site !== "same-origin";
}

/** Answers a request that a foreign page may have made, without anything that the page could read; says whether it did. */
export function refuseForeign(request: IncomingMessage, response: ServerResponse): boolean {
  if (!isForeign(request.headers)) return false;
  response.writeHead(403, {
    "content-type": "text/plain; charset=utf-8",
    "cross-origin-resource-policy": "same-origin",
    connection: "close",
  });
  response.end(
    "Simulated systems answer no web page of another origin, and under no name but that of loopback.\n",
  );
  return true;
}
