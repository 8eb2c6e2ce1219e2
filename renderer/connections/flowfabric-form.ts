import type { FlowfabricTarget } from "../../shared/connections/flowfabric-target.ts";
import type { SecretName } from "../../shared/connections/schema.ts";

/** The ways to a FlowFabric server, as the fields of the form hold them. */
export interface FlowfabricForm {
  url: string;
  method: FlowfabricTarget["authentication"]["method"];
  valkeyAddresses: string;
  cluster: boolean;
  user: string;
  database: number | string;
  requestTimeoutMs: number | string;
  caFile: string;
  backend: FlowfabricTarget["backend"];
}

/** The fields of a saved target, or of a new one. */
export function flowfabricFormOf(target: FlowfabricTarget | undefined): FlowfabricForm {
  const { valkey } = target ?? {};
  return {
    url: target ? (target.url ?? "") : "http://127.0.0.1:9090",
    method: target?.authentication.method ?? "none",
    valkeyAddresses: valkey?.addresses.join("\n") ?? "",
    cluster: valkey?.cluster ?? false,
    user: valkey?.user ?? "",
    database: valkey?.database ?? "",
    requestTimeoutMs: target?.requestTimeoutMs ?? 10_000,
    caFile: target?.caFile ?? "",
    backend: target?.backend ?? "unknown",
  };
}

/** The target that the fields say. */
export function flowfabricTargetOf(form: FlowfabricForm): FlowfabricTarget {
  const [url, user, caFile] = [form.url.trim(), form.user.trim(), form.caFile.trim()];
  const addresses = form.valkeyAddresses.split(/[\s,]+/).filter(Boolean);
  return {
    ...(url !== "" && { url }),
    ...(addresses.length > 0 && {
      valkey: {
        addresses,
        cluster: form.cluster,
        ...(user !== "" && { user }),
        ...(form.database !== "" && { database: Number(form.database) }),
        ...(caFile !== "" && { caFile }),
      },
    }),
    authentication: { method: form.method },
    requestTimeoutMs: Number(form.requestTimeoutMs),
    backend: form.backend,
    ...(caFile !== "" && { caFile }),
  };
}

/** The secrets that the fields ask for. */
export function flowfabricSecretsAsked(form: FlowfabricForm): readonly SecretName[] {
  const ofHttp: SecretName[] = form.method === "bearer" ? ["token"] : [];
  return form.valkeyAddresses.trim() === "" ? ofHttp : [...ofHttp, "valkeyPassword"];
}
