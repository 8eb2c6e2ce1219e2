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
