import { Failure } from "../../shared/contract/index.ts";

/** Throws `forbidden` when the page or the name under which we were called is not ours (DNS rebinding, foreign pages). */
export function checkOrigin(host: string | undefined, origin: string | undefined, port: number): void {
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}` && host !== `[::1]:${port}`) {
    throw new Failure({ code: "forbidden", message: "The Host header is not this console's address." });
  }
  if (origin !== undefined && origin !== `http://${host}`) throw foreign();
}

/**
 * Throws `forbidden` for a call that a browser makes for a foreign page, as `Sec-Fetch-Site` tells. A page of another
 * port of this machine is of the same site, and a read needs no Origin.
 */
export function checkSite(site: string | undefined): void {
  if (site !== undefined && site !== "same-origin" && site !== "none") throw foreign();
}

function foreign(): Failure {
  return new Failure({ code: "forbidden", message: "Pages of other origins may not call this console." });
}
