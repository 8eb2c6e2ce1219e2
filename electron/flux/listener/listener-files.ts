import { createSecureContext } from "node:tls";
import type { FluxTarget } from "../../../shared/connections/flux-target.ts";
import { Failure } from "../../../shared/contract/index.ts";
import { readSettingsFile } from "../../connections/files.ts";

type Files = Pick<FluxTarget, "certificateFile" | "keyFile">;

/** Reads certificate and key where they are given. Throws a Failure that names the file. */
export async function readCertificate(target: Files): Promise<{ cert: Buffer; key: Buffer } | undefined> {
  const { certificateFile, keyFile } = target;
  if (!certificateFile && !keyFile) return undefined;
  if (!certificateFile || !keyFile) {
    const missing = certificateFile ? "keyFile" : "certificateFile";
    throw new Failure({
      code: "invalid_input",
      message: `target.${missing}: a certificate and its key are needed together.`,
      hint: "Name both files, or none for plain websockets on this machine.",
    });
  }
  const cert = readSettingsFile("certificate file", certificateFile);
  const key = readSettingsFile("key file", keyFile);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new Failure({
      code: "invalid_input",
      message: `${certificateFile} and ${keyFile} are no certificate and its key.`,
      hint: "Both have to be PEM files that belong together.",
      upstream: error instanceof Error ? error.message : undefined,
    });
  }
  return { cert, key };
}

/** Why the port could not be opened. */
export function listeningFailure(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): Failure {
  const reason: Record<string, string> = {
    EADDRINUSE: "another program uses this port",
    EACCES: "this user may not open it",
    EADDRNOTAVAIL: "this machine does not have that address",
    ENOTFOUND: "the name is not known",
  };
  return new Failure({
    code: "unreachable",
    message: `${host}:${port} cannot be opened: ${reason[error.code ?? ""] ?? error.message}.`,
    details: { cause: error.code ?? "unknown", delivered: false },
    hint: "Choose another port or address, or end the program that uses it.",
    upstream: error.message,
  });
}
