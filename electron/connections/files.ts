import { closeSync, constants, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "../../shared/contract/index.ts";

/** A path with a leading `~/` made absolute. */
export function expandHome(path: string, home: string = homedir()): string {
  return path === "~" || path.startsWith("~/") || path.startsWith("~\\") ? join(home, path.slice(1)) : path;
}

const reasons: Record<string, string> = {
  ENOENT: "does not exist",
  EACCES: "may not be read by this user",
  EISDIR: "is a folder",
};

/** What a file error means, in words for a sentence "<file> …"; the error's code when it is a rare one. */
export function fileProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "unknown error";
  return reasons[code] ?? `cannot be read (${code})`;
}

/** Makes sure that a file which a connection needs can be read. Throws `invalid_input` naming it. */
export async function requireReadable(what: string, path: string): Promise<void> {
  try {
    await access(expandHome(path), constants.R_OK);
  } catch (error) {
    throw new Failure({
      code: "invalid_input",
      message: `The ${what} ${path} ${fileProblem(error)}.`,
      details: { cause: "file", file: path },
      hint: "Correct the path in the connection's settings, or make the file readable.",
    });
  }
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
