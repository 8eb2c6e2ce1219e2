import type { FluxTarget } from "../../shared/connections/flux-target.ts";

/** Where the console listens for daemons, as the fields of the form hold it. */
export interface FluxForm {
  host: string;
  port: number | string;
  certificateFile: string;
  keyFile: string;
  /** Made elsewhere, with their tokens; saved again as they are. */
  daemons: FluxTarget["daemons"];
}

/** The fields of a saved target, or of a new one. */
export function fluxFormOf(target: FluxTarget | undefined): FluxForm {
  return {
    host: target?.host ?? "127.0.0.1",
    port: target?.port ?? 3032,
    certificateFile: target?.certificateFile ?? "",
    keyFile: target?.keyFile ?? "",
    daemons: target?.daemons ?? [],
  };
}

/** The target that the fields say. */
export function fluxTargetOf(form: FluxForm): FluxTarget {
  const [certificateFile, keyFile] = [form.certificateFile.trim(), form.keyFile.trim()];
  return {
    host: form.host.trim(),
    port: Number(form.port),
    ...(certificateFile !== "" && { certificateFile }),
    ...(keyFile !== "" && { keyFile }),
    daemons: form.daemons,
  };
}
