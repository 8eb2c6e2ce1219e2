import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";

/** Why a path is not private to whoever runs the console. */
type PrivacyReason =
  /** Others may read or change it. */
  | "open"
  /** It belongs to another user, who can read and change it at any time. */
  | "foreign"
  /** Another name or a link leads there: to mend it would change something elsewhere. */
  | "link"
  /** It is no file (or no folder). */
  | "kind"
  /** It cannot be looked at. */
  | "hidden";

/** What was found at a path that only its owner should be able to read. */
export interface PrivacyProblem {
  path: string;
  reason: PrivacyReason;
  /** Its mode, as `chmod` takes it. */
  mode?: string;
  /** The mode has been put right. */
  mended: boolean;
  /** A sentence for a person, with the command that mends it where that was not done. */
  message: string;
}

type Kind = "file" | "folder";
const privateModes: Record<Kind, number> = { file: 0o600, folder: 0o700 };

/**
 * Looks whether a file belongs to this user alone, and takes the rights of others away where it is merely too open.
 * Undefined: it is private, or not there. A link is never followed to change something, and never throws. Windows has access
 * lists in place of modes, and nothing is looked at there.
 */
export function inspectPrivateFile(path: string): PrivacyProblem | undefined {
  return inspect(path, "file");
}

/** The same for a folder, without what is in it. */
export function inspectPrivateFolder(path: string): PrivacyProblem | undefined {
  return inspect(path, "folder");
}

/**
 * The text of a file that is ours alone; undefined where there is none. Nothing is put right: throws an Error that says what
 * is wrong with it. The file that is inspected is the one that was opened, so that nobody can put another in its place.
 */
export function readPrivateFile(path: string): string | undefined {
  const file = openToRead(path);
  if (file === undefined) return undefined;
  try {
    const { mode, uid, size } = fstatSync(file);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw new Error(`${path} is not a file`);
    if (process.platform !== "win32") {
      if (uid !== ownId() || isLinkOfAnother(path)) throw new Error(`${path} belongs to another user`);
      if ((mode & 0o077) !== 0) throw new Error(`others can read ${path}: run chmod 600 on it`);
    }
    if (size > longestRead) throw new Error(`${path} is larger than ${longestRead} bytes`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

const longestRead = 1_048_576;

function openToRead(path: string): number | undefined {
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
  const found = lstatSync(path);
  return found.isSymbolicLink() && found.uid !== ownId();
}

function inspect(path: string, kind: Kind): PrivacyProblem | undefined {
  if (process.platform === "win32") return undefined;
  try {
    const found = lstatSync(path);
    if (found.isSymbolicLink()) return inspectLink(path, kind, found);
    return problemOf(path, kind, found, () => mend(path, kind, found));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    if (code === "ENOENT") return undefined;
    return { path, reason: "hidden", mended: false, message: `${path} cannot be looked at (${code}).` };
  }
}

/** A link of this user's own to a private file is somebody's arrangement; what it leads to is looked at, and left alone. */
function inspectLink(path: string, kind: Kind, link: Stats): PrivacyProblem | undefined {
  const target = realpathSync(path);
  const beyond = problemOf(target, kind, statSync(target), () => false);
  if (!beyond && link.uid === ownId()) return undefined;
  const why = beyond?.message ?? `The link belongs to another user (uid ${link.uid}).`;
  const message = `${path} is a symbolic link to ${target}, which Switchyard does not change. ${why}`;
  return { ...beyond, path, reason: "link", mended: false, message };
}

function problemOf(
  path: string,
  kind: Kind,
  { mode: bits, uid, nlink }: Stats,
  mended: () => boolean,
): PrivacyProblem | undefined {
  const mode = (bits & 0o7777).toString(8).padStart(3, "0");
  const isKind = (bits & constants.S_IFMT) === (kind === "file" ? constants.S_IFREG : constants.S_IFDIR);
  const base = { path, mode, mended: false };
  if (!isKind) return { ...base, reason: "kind", message: `${path} is not a ${kind}.` };
  if (uid !== ownId()) return { ...base, reason: "foreign", message: foreign(path, uid) };
  if ((bits & 0o077) === 0) return undefined;
  const command = `chmod ${privateModes[kind].toString(8)} ${shellWord(path)}`;
  const open = `${path} can be ${kind === "file" ? "read" : "entered"} by others on this machine (mode ${mode})`;
  if (kind === "file" && nlink > 1) {
    const message = `${open}, and has other names (hard links), so that it was left as it is. Look at them, then: ${command}`;
    return { ...base, reason: "link", message };
  }
  if (mended()) {
    const was = open.replace(" can be ", " could be ");
    return { ...base, reason: "open", mended: true, message: `${was}; now it is its owner's alone.` };
  }
  return { ...base, reason: "open", message: `${open}. Protect it: ${command}` };
}

/** By way of an open file, so that nothing can be put in its place between the look and the change. */
function mend(path: string, kind: Kind, seen: Stats): boolean {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const { dev, ino, nlink } = fstatSync(descriptor);
    if (dev !== seen.dev || ino !== seen.ino || (kind === "file" && nlink > 1)) return false;
    fchmodSync(descriptor, privateModes[kind]);
    return (fstatSync(descriptor).mode & 0o077) === 0;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function foreign(path: string, uid: number): string {
  const own = ownId();
  const danger =
    own === 0
      ? "Switchyard runs as root, and that user can read and replace what root keeps there"
      : "that user can read and replace what is kept there";
  return `${path} belongs to another user (uid ${uid}): ${danger}. Run Switchyard as that user, or make it yours: chown ${own} ${shellWord(path)}`;
}

function ownId(): number {
  return process.geteuid?.() ?? -1;
}

function shellWord(text: string): string {
  return /^[\w./@%+,:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
