import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { Failure } from "../../shared/contract/index.ts";

const sessionMs = 12 * 60 * 60_000;

/** Who may call over HTTP: holders of the bearer token, and browsers that opened the one-time address. */
export class HttpAccess {
  private readonly sessions = new Map<string, number>();
  private readonly oneTime = new Set<string>();

  private readonly bearerToken: Buffer;

  constructor(
    bearerToken: string,
    private readonly now: () => number,
  ) {
    this.bearerToken = Buffer.from(bearerToken);
  }

  /** A token that opens one browser session; it works once. */
  issueOneTimeToken(): string {
    const token = randomBytes(24).toString("base64url");
    this.oneTime.add(token);
    return token;
  }

  /** Trades a one-time token for a session id; undefined when it is not (or no longer) good. */
  redeem(token: string): string | undefined {
    if (!this.oneTime.delete(token)) return undefined;
    const session = randomBytes(32).toString("base64url");
    this.sessions.set(digest(session), this.now() + sessionMs);
    return session;
  }

  /** Throws `unauthenticated` unless one of the two proofs is good. */
  check(authorization: string | undefined, session: string | undefined): void {
    const bearer = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (bearer !== undefined && this.isBearerToken(bearer)) return;
    if (session !== undefined && (this.sessions.get(digest(session)) ?? 0) > this.now()) return;
    throw new Failure({
      code: "unauthenticated",
      message: "This console needs its token.",
      hint: "Send `Authorization: Bearer …` with the token of the token file, or open the address that the console printed at its start.",
    });
  }

  private isBearerToken(text: string): boolean {
    const given = Buffer.from(text);
    // Of another length it is wrong whatever it says; the length of a token is no secret.
    return given.length === this.bearerToken.length && timingSafeEqual(given, this.bearerToken);
  }
}

/** Throws `forbidden` when the page or the name under which we were called is not ours (DNS rebinding, foreign pages). */
export function checkOrigin(host: string | undefined, origin: string | undefined, port: number): void {
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}` && host !== `[::1]:${port}`) {
    throw new Failure({ code: "forbidden", message: "The Host header is not this console's address." });
  }
  if (origin !== undefined && origin !== `http://${host}`) throw foreign();
}

/**
 * Throws `forbidden` for a call that a browser makes for a foreign page, as `Sec-Fetch-Site` tells. A page of another
 * port of this machine is of the same site: it gets our cookie sent along, and a read needs no Origin.
 */
export function checkSite(site: string | undefined): void {
  if (site !== undefined && site !== "same-origin" && site !== "none") throw foreign();
}

function foreign(): Failure {
  return new Failure({ code: "forbidden", message: "Pages of other origins may not call this console." });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
