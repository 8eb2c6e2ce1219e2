import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { root } from "./paths.mjs";

/** Files whose citations count, and in which of them only comments name other files. */
const cited = /\.(ts|tsx|mts|mjs|cjs|css|md|html|sh)$/;
const code = /\.(ts|tsx|mts|mjs|cjs|css)$/;
const protocolFolder = "docs/protocols/";

/** Says which citations of the repository lead nowhere, a line each. */
export function danglingCitations() {
  // New files count before they are added; what was deleted does not.
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const files = [...new Set(listed.split("\n"))].filter((file) => file && existsSync(join(root, file)));
  const texts = new Map(
    files
      .filter((file) => cited.test(file) && !file.endsWith("/citations.test.mjs"))
      .map((file) => [file, readFileSync(join(root, file), "utf8")]),
  );
  return citationFaults(texts, files);
}

/** The same of texts by their path, among all files that there are. */
export function citationFaults(texts, files) {
  const places = new Map();
  for (const [file, text] of texts)
    if (file.startsWith(protocolFolder)) places.set(basename(file, ".md"), placesOf(text));
  const faults = [];
  for (const [file, text] of texts) {
    const report = (offset, message) => faults.push(`${file}:${lineOf(text, offset)}: ${message}`);
    checkProtocols(file, text, places, report);
    checkFileNames(file, text, files, report);
    if (file.endsWith(".md")) checkLinks(file, text, texts, files, report);
  }
  return faults;
}

function lineOf(text, offset) {
  return text.slice(0, offset).split("\n").length;
}

/** What can be cited of a wire reference: its numbered sections, appendices, traps, and the rows of its tables of vectors. */
function placesOf(text) {
  const places = new Set();
  let section = "";
  for (const line of text.split("\n")) {
    const heading = /^#{2,4} (.*)/.exec(line)?.[1];
    if (heading !== undefined) {
      const number = /^(\d+(?:\.\d+)*)/.exec(heading)?.[1];
      const appendix = /^Appendix ([A-Z])/.exec(heading)?.[1];
      if (number) places.add(`§${number}`);
      if (appendix) places.add(`Appendix ${appendix}`);
      section = heading;
    }
    const trap = /^(\d+)\. /.exec(line)?.[1];
    if (trap && /Traps$/.test(section)) places.add(`trap ${trap}`);
    const row = /^\| (\d+)[ |]/.exec(line)?.[1];
    if (row && section.startsWith("Appendix")) places.add(`row ${row}`);
  }
  return places;
}

/** A comment goes on in its next line: what stands between the words of a citation there. */
const gap = String.raw`(?:[ \t]|\n[ \t]*(?:\*|//|>)?[ \t]*)`;
const number = String.raw`\d+(?:\.\d+)*`;
const more = (part) =>
  String.raw`${part}(?:(?:,${gap}+|${gap}+and${gap}+|${gap}+to${gap}+|–|-)§?${part}(?![\w.-]*\w*[a-z]))*`;
/** A section of something by a name that looks like a document's. */
const otherDocument = new RegExp(String.raw`([\w.]+-[\w-]+|\b[A-Z]{4,}|[\w-]+\.md)(?=,?${gap}+§)`, "g");
const locator = [
  // The sections of an RFC that a far side's own text names are not ours.
  String.raw`(?<!RFC-\d+ )§§?${more(number)}`,
  `traps?${gap}+${more(String.raw`\d+`)}`,
  `rows?${gap}+${more(String.raw`\d+`)}`,
  String.raw`[Aa]ppendix${gap}+[A-Z]\b`,
].join("|");

/**
 * A citation is `flux-rpc §3.1.7`, `forge-jobs trap 6` or `wasmcloud-control Appendix B`. What follows in the same file
 * without a name is of the reference that was named last.
 */
function checkProtocols(file, text, places, report) {
  const names = [...places.keys()];
  if (names.length === 0) return;
  for (const { 1: name, index } of text.matchAll(otherDocument))
    if (!names.includes(name) && !name.includes("RFC")) report(index, `${name} is no wire reference`);
  const pattern = new RegExp(`\\b(${names.join("|")})(?=(,?)${gap}+(?:${locator}))|(${locator})`, "g");
  let current = file.startsWith(protocolFolder) ? basename(file, ".md") : undefined;
  for (const { 0: found, 1: name, 2: comma, index } of text.matchAll(pattern)) {
    if (name) current = name;
    else for (const fault of placeFaults(found, current, places)) report(index, fault);
    if (comma) report(index, `write "${name} …" without a comma`);
  }
}

/** What is wrong with a locator; only a section has to be of some document, for there are traps and rows of other kinds. */
function placeFaults(found, document, places) {
  if (document === undefined) return found.startsWith("§") ? [`${found} names no document`] : [];
  return placesIn(found)
    .filter((place) => !places.get(document).has(place))
    .map((place) => `${document} has no ${place}`);
}

function placesIn(locatorText) {
  const [, kind, rest] = /^(§|trap|row|[Aa]ppendix)(.*)$/s.exec(locatorText) ?? [];
  if (kind.toLowerCase() === "appendix") return [`Appendix ${rest.trim()}`];
  const numbers = rest.match(new RegExp(number, "g")) ?? [];
  return numbers.map((each) => (kind === "§" ? `§${each}` : `${kind} ${each}`));
}

const fileName =
  /(?<![\w/.<>*…-])(?:[\w@.-]+\/)*[\w.-]*\w\.(?:ts|tsx|mts|mjs|cjs|md|css|ndjson)\b(?![\w/*])/g;

/** Files that a comment or a document names, by their whole path or the end of it; a "new file" need not be there yet. */
function checkFileNames(file, text, files, report) {
  if (file.startsWith(protocolFolder)) return;
  const fresh = [...text.matchAll(/new file `(?:[^`]*\/)?([^`/]+)`/g)].map(([, name]) => name);
  let offset = 0;
  for (const line of text.split("\n")) {
    for (const { 0: name } of (commentOf(file, line) ?? "").matchAll(fileName)) {
      const path = name.replace(/^(\.\.?\/)+/, "");
      if (fresh.includes(basename(path))) continue;
      if (!files.some((each) => each === path || each.endsWith(`/${path}`)))
        report(offset, `there is no ${name}`);
    }
    offset += line.length + 1;
  }
}

function commentOf(file, line) {
  if (!code.test(file)) return line;
  return /^\s*(?:\/\*\*?|\*|\/\/)(.*)/.exec(line)?.[1] ?? /;\s*\/\/ (.*)/.exec(line)?.[1];
}

function checkLinks(file, text, texts, files, report) {
  for (const { 1: target, index } of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split("#");
    const linked = path === "" ? file : posix.join(dirname(file), path);
    const known = files.some((each) => each === linked || each.startsWith(`${linked.replace(/\/$/, "")}/`));
    if (!known) report(index, `the link ${target} leads nowhere`);
    else if (anchor && !anchorsOf(texts.get(linked) ?? "").has(anchor))
      report(index, `${linked} has no heading #${anchor}`);
  }
}

/** The anchors that GitHub makes of headings. */
function anchorsOf(text) {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}
