import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join, posix } from "node:path";
import { Failure } from "../../shared/contract/index.ts";

/** A path with a leading `~/` made absolute. */
export function expandHome(path: string, home: string = homedir()): string {
  return path === "~" || path.startsWith("~/") || path.startsWith("~\\") ? join(home, path.slice(1)) : path;
}

const reasons: Record<string, string> = {
  ENOENT: "does not exist",
  EACCES: "may not be read by this user",
  EISDIR: "is a folder",
  NOT_REGULAR: "is not a regular file",
  TOO_LARGE: "is larger than 1 MiB",
};

/** What a file error means, in words for a sentence "<file> …"; the error's code when it is a rare one. */
export function fileProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "unknown error";
  return reasons[code] ?? `cannot be read (${code})`;
}

/** Certificates, bundles of them, keys and credentials: none is near as large. */
const largestFile = 1_048_576;

/**
 * The bytes of a file that a connection's settings name. Throws `invalid_input` naming it, and never with anything of its
 * content. What is no regular file is not even opened: reading a pipe or a device may never end.
 */
export function readSettingsFile(what: string, path: string): Buffer {
  requireLocalPath(what, path);
  try {
    const file = realpathSync(expandHome(path));
    // A link may lead where a path may not.
    requireLocalPath(what, file);
    return readBounded(file);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure({
      code: "invalid_input",
      message: `The ${what} ${path} ${fileProblem(error)}.`,
      details: { cause: "file", file: path, delivered: false },
      hint: "Correct the path in the connection's settings, or make the file readable.",
    });
  }
}

/** The files of a connection's TLS settings, as Node takes what is in them. */
export interface CertificateFiles {
  caFile?: string | undefined;
  certificateFile?: string | undefined;
  keyFile?: string | undefined;
}

/** What is in the files of a connection's TLS settings. Throws `invalid_input` naming the file. */
export function readCertificates({ caFile, certificateFile, keyFile }: CertificateFiles): {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
} {
  return {
    ...(caFile && { ca: readSettingsFile("CA file", caFile) }),
    ...(certificateFile && { cert: readSettingsFile("certificate file", certificateFile) }),
    ...(keyFile && { key: readSettingsFile("key file", keyFile) }),
  };
}

function requireLocalPath(what: string, path: string): void {
  const problem = pathProblem(path);
  if (!problem) return;
  throw new Failure({
    code: "invalid_input",
    message: `The ${what} ${problem}.`,
    details: { cause: "file", delivered: false },
    hint: localPathHint,
  });
}

/** What to do about a path that `pathProblem` found unfit. */
export const localPathHint = "Copy the file to a folder of this machine, and name it there.";

/**
 * Why a path is refused whatever it leads to, for a sentence "<file> …"; undefined for others. Opening a share of another
 * machine makes Windows sign in there, and devices and process files are no certificates.
 */
export function pathProblem(path: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(path)) return "has a control character in its path";
  if (/^[\\/]{2}/.test(path)) return "is on another machine or a device (its path begins with two slashes)";
  const place = posix.normalize(path.replaceAll("\\", "/"));
  if (/^\/(dev|proc|sys)(\/|$)/.test(place)) return "is a device or a file of the system itself";
  return undefined;
}

/** Reads a whole regular file of bounded size. Throws the system's error, or one with a code that `fileProblem` knows. */
export function readBounded(path: string): Buffer {
  requireRegular(statSync(path));
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    // It may have been replaced since.
    requireRegular(fstatSync(descriptor));
    const buffer = Buffer.alloc(largestFile + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (length > largestFile) throw problem("TOO_LARGE");
    return Buffer.from(buffer.subarray(0, length));
  } finally {
    closeSync(descriptor);
  }
}

function requireRegular(found: Stats): void {
  if (found.isDirectory()) throw problem("EISDIR");
  if (!found.isFile()) throw problem("NOT_REGULAR");
  if (found.size > largestFile) throw problem("TOO_LARGE");
}

function problem(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Replaces a private file as a whole (mode 0600): a crash leaves the old one or the new one. */
export function writePrivateFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
