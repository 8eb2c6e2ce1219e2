import type { ForgeTarget } from "../../shared/connections/forge-target.ts";
import { headerNameProblem } from "../../shared/connections/http-header.ts";
import { Failure } from "../../shared/contract/index.ts";

/** Throws `invalid_input` where a connection would add a header that changes what a request is, or where it goes. */
export function requireHeaderName({ authentication }: Pick<ForgeTarget, "authentication">): void {
  if (authentication.method !== "header") return;
  const message = headerNameProblem(authentication.name);
  if (message === undefined) return;
  const path = "target.authentication.name";
  throw new Failure({
    code: "invalid_input",
    message: `${path}: ${message}.`,
    details: { fields: [{ path, message }], delivered: false },
    hint: "Name the header that the proxy in front of the server asks for.",
  });
}
