import { forgeSecrets } from "../../shared/connections/destination.ts";
import type { ForgeTarget } from "../../shared/connections/forge-target.ts";
import type { SecretName } from "../../shared/connections/schema.ts";

/** The way to a jobs server, as the fields of the form hold it. */
export interface ForgeForm {
  url: string;
  method: ForgeTarget["authentication"]["method"];
  user: string;
  header: string;
  requestTimeoutMs: number | string;
  caFile: string;
}

/** The fields of a saved target, or of a new one. */
export function forgeFormOf(target: ForgeTarget | undefined): ForgeForm {
  const authentication = target?.authentication ?? { method: "none" };
  return {
    url: target?.url ?? "http://127.0.0.1:8080",
    method: authentication.method,
    user: authentication.method === "basic" ? authentication.user : "",
    header: authentication.method === "header" ? authentication.name : "",
    requestTimeoutMs: target?.requestTimeoutMs ?? 10_000,
    caFile: target?.caFile ?? "",
  };
}

/** The target that the fields say. */
export function forgeTargetOf(form: ForgeForm): ForgeTarget {
  const caFile = form.caFile.trim();
  return {
    url: form.url.trim(),
    authentication: authenticationOf(form),
    requestTimeoutMs: Number(form.requestTimeoutMs),
    ...(caFile !== "" && { caFile }),
  };
}

function authenticationOf({ method, user, header }: ForgeForm): ForgeTarget["authentication"] {
  if (method === "basic") return { method, user };
  return method === "header" ? { method, name: header } : { method };
}

/** The secrets that the fields ask for. */
export function forgeSecretsAsked(form: ForgeForm): readonly SecretName[] {
  return forgeSecrets[form.method];
}
