import { lstatSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join, parse } from "node:path";
import { inspectPrivateFile, inspectPrivateFolder, type PrivacyProblem } from "./private-files.ts";

/** Names that Switchyard, or Electron for it, gives to what lies directly in the data folder. */
const databases = [/^(switchyard|events|flux-events|metrics)\.db/, /^switchyard\.(lock|open)/];
const ownNames = [...databases, /^secrets\.json/, /^token$/, /^logs$/];
/** What may lie in a data folder before the first start. */
const expectedNames = [...ownNames, /^files$/, /^lost\+found$/, /^Singleton/];
/** Where whoever runs the console puts certificates and credentials; who may read those is their decision. */
const operatorsFolder = "files";

/**
 * Makes the data folder where there is none, and sees to it that it and what is in it are their owner's alone. Answers with
 * sentences for a person: what was open, and what could not be mended and how to. Never throws. To be called before any
 * database is open: closing a file drops the locks that SQLite has on it in this process.
 */
export function keepPrivate(given: string): string[] {
  let directory: string;
  let names: string[];
  try {
    mkdirSync(given, { recursive: true, mode: 0o700 });
    directory = realpathSync(given);
    names = readdirSync(directory);
  } catch {
    // Opening a database there fails next, and tells why.
    return [];
  }
  if (process.platform === "win32") return [];
  const wasOpen = (lstatSync(directory).mode & 0o077) !== 0;
  if (isShared(directory, names)) {
    const ours = names.filter((name) => matches(name, databases));
    return [...(wasOpen ? [sharedNotice(directory)] : []), ...told(walk(directory, ours), wasOpen)];
  }
  const folder = inspectPrivateFolder(directory);
  const ours = folder?.reason === "foreign" ? names.filter((name) => matches(name, ownNames)) : names;
  return [...(folder ? [folder.message] : []), ...told(walk(directory, ours), wasOpen)];
}

/** Whether a folder is for more than this console, so that to close it would shut others out. */
function isShared(directory: string, names: readonly string[]): boolean {
  const everybodys = [parse(directory).root, homedir(), tmpdir()].map(real);
  if (everybodys.includes(directory) || (lstatSync(directory).mode & 0o1000) !== 0) return true;
  const used = names.some((name) => name.startsWith("switchyard.db"));
  return !used && !names.every((name) => matches(name, expectedNames));
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function matches(name: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(name));
}

function sharedNotice(directory: string): string {
  return `The data folder ${directory} is open to others on this machine, and there are things of others in it, so that it was left as it is. Give Switchyard a folder of its own (--data).`;
}

/** What is wrong with the entries of a folder. */
function walk(directory: string, names: readonly string[], depth = 0): PrivacyProblem[] {
  const ours = depth === 0 ? names.filter((name) => name !== operatorsFolder) : names;
  return ours.flatMap((name): PrivacyProblem[] => {
    const path = join(directory, name);
    const isFolder = kindOf(path);
    if (isFolder === undefined) return [];
    const problem = isFolder ? inspectPrivateFolder(path) : inspectPrivateFile(path);
    const known = depth === 0 ? matches(name, ownNames) : basename(directory) === "logs";
    // Strangers' things among ours, such as the links that Chromium makes, are only mended.
    const problems = problem && (known || problem.mended) ? [problem] : [];
    return isFolder && isWalked(problem, depth)
      ? [...problems, ...walk(path, list(path), depth + 1)]
      : problems;
  });
}

/** Into a folder that was closed already nobody else comes: what lies deep in it is left alone, for there may be much. */
function isWalked(problem: PrivacyProblem | undefined, depth: number): boolean {
  return problem ? problem.mended : depth === 0;
}

/** True for a folder, false for a file or for a link in the place of one, undefined for what is neither. */
function kindOf(path: string): boolean | undefined {
  try {
    const found = lstatSync(path);
    if (found.isDirectory()) return true;
    return found.isFile() || found.isSymbolicLink() ? false : undefined;
  } catch {
    return undefined;
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

const shownNames = 5;

/** One sentence for all that was mended, one for each problem that is left, and one for secrets that others could read. */
function told(problems: readonly PrivacyProblem[], wasOpen: boolean): string[] {
  const mended = problems.filter((problem) => problem.mended);
  const secret = mended.filter(({ path }) => /^(secrets\.json|token)$/.test(basename(path)));
  const left = problems.filter((problem) => !problem.mended).map(({ message }) => message);
  return [
    ...(wasOpen && mended.length > 0 ? [mendedNotice(mended)] : []),
    ...secret.map((problem) => `${problem.message} ${secretAdvice(basename(problem.path))}`),
    ...left,
  ];
}

function mendedNotice(mended: readonly PrivacyProblem[]): string {
  const all = mended.map(({ path }) => basename(path));
  const ours = all.filter((name) => name.endsWith(".db"));
  const names = [...ours, ...all.filter((name) => !ours.includes(name))].slice(0, shownNames);
  const more = all.length - names.length;
  const shown = names.join(", ") + (more > 0 ? ` and ${more} more` : "");
  return `Others on this machine could read what Switchyard keeps (${shown}). Now it is its owner's alone; what was in it may be known.`;
}

/** What to do about a secret that others could read. */
function secretAdvice(name: string): string {
  return name === "token"
    ? "Others may know the token: delete the file and start again to have a new one made."
    : "Others may know what was in it: change these passwords and tokens where they are used.";
}
