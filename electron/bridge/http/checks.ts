import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { Failure } from "../../../shared/contract/index.ts";
import type { HttpAccess } from "./access.ts";
import type { HttpEnv } from "./request.ts";

/** What every reply says against pages of other origins. */
export const protection = secureHeaders({
  crossOriginResourcePolicy: "same-origin",
  crossOriginOpenerPolicy: "same-origin",
  xContentTypeOptions: "nosniff",
  originAgentCluster: false,
  referrerPolicy: false,
  strictTransportSecurity: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** Throws `forbidden` when the page or the name under which we were called is not ours (DNS rebinding, foreign pages). */
export function ownAddress(portOf: () => number): MiddlewareHandler<HttpEnv> {
  return (c, next) => {
    const port = portOf();
    const host = c.req.header("host");
    const origin = c.req.header("origin");
    if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}` && host !== `[::1]:${port}`)
      throw new Failure({ code: "forbidden", message: "The Host header is not this console's address." });
    if (origin !== undefined && origin !== `http://${host}`) throw foreign();
    if (!/^\/[^\\]*$/.test(c.req.path))
      throw new Failure({
        code: "invalid_input",
        message: "The request has to name a path of this console.",
      });
    return next();
  };
}

/**
 * Throws `forbidden` for a call that a browser makes for a foreign page, as `Sec-Fetch-Site` tells. A page of another
 * port of this machine is of the same site, and a read needs no Origin.
 */
export const ownSite: MiddlewareHandler<HttpEnv> = (c, next) => {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") throw foreign();
  return next();
};

function foreign(): Failure {
  return new Failure({ code: "forbidden", message: "Pages of other origins may not call this console." });
}

/** Throws `unauthenticated` for who shows no good proof; the others are no strangers to the server any more. */
export function identified(access: HttpAccess): MiddlewareHandler<HttpEnv> {
  return (c, next) => {
    c.set("caller", access.identify(c.req.header("authorization")));
    c.env.trust?.();
    return next();
  };
}
