import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outputFile, root } from "../paths.mjs";
import { bundlers, shippedPaths } from "./bundled.mjs";
import { nameOf, readManifestAndLock } from "./lock.mjs";

/**
 * Beside the page, to be read in the window as in a browser, and for installers, which put it where a person finds it.
 * Two files, because electron-builder leaves out of the application what it puts beside it.
 */
const noticesFiles = [
  outputFile("renderer", "third-party-notices.txt"),
  outputFile("THIRD-PARTY-NOTICES.txt"),
];

const licenceFile = /^(licen[cs]e|copying|copyright|notice|unlicense)([-._].*)?$/i;
const noText = /\.(c?js|mjs|ts|tsx|json|map|d\.ts)$/i;
const rule = "=".repeat(76);

/** What is in the product beside the packages of npm, and what its licence asks for. */
const furtherNotes = [
  "Electron contains Chromium, Node.js and many other works. Their licences are",
  "in LICENSE.electron.txt and LICENSES.chromium.html, beside the application.",
  "",
  "libsql contains SQLite, which is in the public domain, changed by libSQL (MIT),",
  "and further works in Rust.",
  "",
  "elkjs is used under the EPL-2.0 (https://www.eclipse.org/legal/epl-2.0/),",
  "unchanged. Its source, of the version that is named below, is at",
  "https://github.com/kieler/elkjs and https://github.com/eclipse-elk/elk.",
];

/** Says whether the notices of this build are there. */
export function hasNotices() {
  return noticesFiles.every(existsSync);
}

/** Writes the notices of the packages that are in this build. */
export function writeNotices() {
  const { manifest, lock } = readManifestAndLock();
  const text = noticesText(manifest.productName, shippedPaths().map(readPackage(lock)));
  for (const file of noticesFiles) writeFileSync(file, text);
}

/** Reads what a package says of itself: who made it, under which licence, and the texts that have to go along. */
export function readPackage(lock, base = root) {
  return (path) => {
    const entry = lock.packages[path];
    const manifest = JSON.parse(readFileSync(join(base, path, "package.json"), "utf8"));
    return {
      path,
      name: nameOf(path, entry),
      version: entry.version,
      licence: entry.license,
      author: manifest.author?.name ?? (typeof manifest.author === "string" ? manifest.author : undefined),
      source: sourceOf(manifest),
      texts: licenceTexts(join(base, path)).map((text) => (bundlers.includes(path) ? ownPart(text) : text)),
    };
  };
}

function sourceOf({ repository, homepage }) {
  const address = (typeof repository === "string" ? repository : repository?.url) ?? homepage;
  if (!address) return undefined;
  if (/^(github:)?[\w.-]+\/[\w.-]+$/.test(address))
    return `https://github.com/${address.replace("github:", "")}`;
  return address
    .replace(/^git\+/, "")
    .replace(/^(git|ssh):\/\/(git@)?/, "https://")
    .replace(/^git@([^:]+):/, "https://$1/")
    .replace(/\.git$/, "");
}

function licenceTexts(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (file) => file.isFile() && licenceFile.test(file.name) && !noText.test(file.name),
  );
  return files
    .map(({ name }) => readFileSync(join(folder, name), "utf8").replace(/\r\n/g, "\n").trim())
    .sort();
}

/** A bundler's licence without those of what it is made of, none of which gets into what it writes. */
function ownPart(text) {
  return text.split(/^# Licenses of bundled dependencies$/m)[0].trim();
}

/** The notices of these packages: a list of them, then each text once, with the packages that it belongs to. */
export function noticesText(product, packages) {
  const groups = new Map();
  for (const one of packages) {
    const text = one.texts.length > 0 ? one.texts.join("\n\n") : insteadOfText(one);
    // The same text is often laid out in other lines.
    const key = text.replace(/\s+/g, " ");
    groups.set(key, { text, members: [...(groups.get(key)?.members ?? []), one] });
  }
  const sections = [...groups.values()].map(({ text, members }) => {
    const heading = members.map((one) => [named(one), one.source].filter(Boolean).join("\n  ")).join("\n");
    return `${rule}\n${heading}\n\n${text}`;
  });
  const list = packages.map((one) => `  ${named(one)}`).join("\n");
  const start = [
    `${product} contains the following works of others.`,
    "",
    ...furtherNotes,
    "",
    list,
    "",
  ].join("\n");
  return `${[start, ...sections].join("\n\n")}\n`;
}

function named({ name, version, licence }) {
  return `${name} ${version} (${licence})`;
}

function insteadOfText({ name, author, licence }) {
  const addresses = [...new Set(licence.match(/[A-Za-z0-9][A-Za-z0-9.-]*/g))]
    .filter((word) => !["OR", "AND", "WITH"].includes(word))
    .map((id) => `https://spdx.org/licenses/${id}.html`);
  return [
    `The package ${name} brings no licence file. It says of itself: ${licence}${author ? `, by ${author}` : ""}.`,
    `The text: ${addresses.join(", ")}`,
  ].join("\n");
}
