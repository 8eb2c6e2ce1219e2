import { Failure } from "../../../shared/contract/index.ts";
import type { ServerLevel } from "../../../shared/forge/schema.ts";
import type { HttpClient } from "../../upstream/http-client.ts";
import { goodText } from "./reply.ts";

/** Tells a server's version from the routes that it has (forge-jobs §2). Throws the Failure of a probe that says nothing. */
export async function probeLevel(http: HttpClient): Promise<ServerLevel> {
  if (!(await hasRoute(http, "/queue/processes?queue_name="))) return "0.1";
  if (!(await hasRoute(http, "/cron/x/dedupe"))) return "0.2.0";
  return (await hasRoute(http, "/queue/workers")) ? "0.3" : "0.2.1";
}

/** A known path with another method is 405, an unknown path 404 without content (forge-jobs §3). */
async function hasRoute(http: HttpClient, path: string): Promise<boolean> {
  const reply = await http.read({ method: "GET", path });
  if (reply.status === 405) return true;
  if (reply.status === 404 && reply.text === "") return false;
  goodText(reply, path);
  if (reply.contentType === "application/json") return true;
  throw new Failure({
    code: "upstream_invalid",
    message: `${http.address} is not a jobs server: ${path} answered with ${reply.contentType || "no content"}.`,
    hint: "Check the address, and the path under which the server is mounted.",
  });
}
