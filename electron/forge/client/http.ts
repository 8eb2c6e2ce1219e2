import type { ForgeTarget } from "../../../shared/connections/forge-target.ts";
import type { Secrets } from "../../../shared/connections/schema.ts";
import { readCertificates } from "../../connections/files.ts";
import { requireHeaderName } from "../../connections/headers.ts";
import { HttpClient } from "../../upstream/http-client.ts";

/** Servers refuse larger bodies (forge-jobs §3). */
const bodyLimitBytes = 2_097_152;
const replyLimitBytes = 128 * 1024 * 1024;

/** HTTP to one jobs server. Throws `invalid_input` where the authority's file cannot be read, or the secret cannot be in a header. */
export function forgeHttp(target: ForgeTarget, secrets: Secrets): HttpClient {
  const { url, caFile, requestTimeoutMs } = target;
  requireHeaderName(target);
  const headers = signIn(target, secrets);
  // User and password are hidden as they are sent together, too.
  const hidden = [...(headers.authorization?.split(" ").slice(1) ?? []), ...Object.values(secrets)];
  return new HttpClient({
    url,
    headers,
    hidden,
    timeoutMs: requestTimeoutMs,
    tls: readCertificates({ caFile }),
    maxRequestBytes: bodyLimitBytes,
    maxReplyBytes: replyLimitBytes,
  });
}

function signIn({ authentication }: ForgeTarget, secrets: Secrets): Record<string, string> {
  switch (authentication.method) {
    case "bearer":
      return { authorization: `Bearer ${secrets.token ?? ""}` };
    case "basic": {
      const pair = `${authentication.user}:${secrets.password ?? ""}`;
      return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
    }
    case "header":
      return { [authentication.name.toLowerCase()]: secrets.header ?? "" };
    default:
      return {};
  }
}
