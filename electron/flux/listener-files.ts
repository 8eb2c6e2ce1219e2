import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { FluxTarget } from "../../shared/connections/flux-target.ts";
import { Failure } from "../../shared/contract/index.ts";
import { expandHome } from "../connections/files.ts";

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
  const [cert, key] = [await read(certificateFile), await read(keyFile)];
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

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(expandHome(file));
  } catch (error) {
    throw new Failure({
      code: "invalid_input",
      message: `${file} cannot be read.`,
      hint: "Check the path and who may read the file.",
      upstream: error instanceof Error ? error.message : undefined,
    });
  }
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
