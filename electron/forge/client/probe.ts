import { Failure } from "../../../shared/contract/index.ts";
import type { ServerLevel } from "../../../shared/forge/schema.ts";
import type { HttpTransport } from "./http-transport.ts";
import { goodText } from "./reply.ts";

/** Tells a server's version from the routes that it has (forge-jobs §2). Throws the Failure of a probe that says nothing. */
export async function probeLevel(transport: HttpTransport): Promise<ServerLevel> {
  if (!(await hasRoute(transport, "/queue/processes?queue_name="))) return "0.1";
  if (!(await hasRoute(transport, "/cron/x/dedupe"))) return "0.2.0";
  return (await hasRoute(transport, "/queue/workers")) ? "0.3" : "0.2.1";
}

/** A known path with another method is 405, an unknown path 404 without content (forge-jobs §3). */
async function hasRoute(transport: HttpTransport, path: string): Promise<boolean> {
  const response = await transport.read({ method: "GET", path });
  if (response.status === 405) return true;
  if (response.status === 404 && response.text === "") return false;
  goodText(response, { path, hidden: transport.hidden });
  if (response.contentType === "application/json") return true;
  throw new Failure({
    code: "upstream_invalid",
    message: `${transport.address} is not a jobs server: ${path} answered with ${response.contentType || "no content"}.`,
    hint: "Check the address, and the path under which the server is mounted.",
  });
}
