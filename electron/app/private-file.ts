import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";

const mostBytes = 1_048_576;

/**
 * The text of a file that is ours alone; undefined where there is none. Throws an Error that says what is wrong with it.
 * What is looked at is the file that was opened, so that nobody can put another one there in between.
 */
export function readPrivateFile(path: string): string | undefined {
  const file = open(path);
  if (file === undefined) return undefined;
  try {
    const { mode, uid, size } = fstatSync(file);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw new Error(`${path} is not a file`);
    if (process.platform !== "win32") {
      if (uid !== process.getuid?.() || isLinkOfAnother(path))
        throw new Error(`${path} belongs to another user`);
      if ((mode & 0o077) !== 0) throw new Error(`others can read ${path}: run chmod 600 on it`);
    }
    if (size > mostBytes) throw new Error(`${path} is larger than ${mostBytes} bytes`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function open(path: string): number | undefined {
  try {
    // A pipe in its place would be waited for.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new Error(`${path} cannot be read (${code ?? "unknown error"})`);
  }
}

/** Whoever laid the link chose which of our files is read. */
function isLinkOfAnother(path: string): boolean {
  const { mode, uid } = lstatSync(path);
  return (mode & constants.S_IFMT) === constants.S_IFLNK && uid !== process.getuid?.();
}
