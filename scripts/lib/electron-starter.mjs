/**
 * What Electron's own `default_app.asar` does, in short: run the application whose folder (or main file) is the
 * first argument that is no option. Applications see `process.defaultApp`, as with a regular Electron.
 */
const starter = `"use strict";
const { app } = require("electron");
const { existsSync } = require("fs");
const Module = require("module");
const path = require("path");
const given = process.argv.slice(1).find((argument) => !argument.startsWith("-"));
if (!given) {
  console.error("Usage: electron [options] <path of the application>");
  process.exit(1);
}
Object.defineProperty(process, "defaultApp", { configurable: false, enumerable: true, value: true });
const application = path.resolve(given);
const description = path.join(application, "package.json");
if (existsSync(description)) {
  const { name, productName, version, desktopName } = require(description);
  if (version) app.setVersion(version);
  if (productName || name) app.name = productName || name;
  if (desktopName) app.setDesktopName(desktopName);
  else app.setDesktopName(app.name + ".desktop");
  app.setPath("userData", path.join(app.getPath("appData"), app.name));
  app.setAppPath(application);
}
Module._load(Module._resolveFilename(application, null, true), Module, true);
`;

/** The archive with which a bare Electron takes the application's path as its argument. */
export function starterArchive() {
  const files = {
    "main.js": starter,
    "package.json": JSON.stringify({ name: "electron", productName: "Electron", main: "main.js" }),
  };
  return asArchive(files);
}

/** Lays files out in the asar format: two nested, length-prefixed records with a JSON index, then the contents. */
function asArchive(files) {
  const index = { files: {} };
  let offset = 0;
  const contents = Object.entries(files).map(([name, text]) => {
    const content = Buffer.from(text);
    index.files[name] = { size: content.length, offset: String(offset) };
    offset += content.length;
    return content;
  });
  const text = Buffer.from(JSON.stringify(index));
  const padded = Buffer.alloc(Math.ceil(text.length / 4) * 4);
  text.copy(padded);
  return Buffer.concat([numbers(4, padded.length + 8, padded.length + 4, text.length), padded, ...contents]);
}

function numbers(...values) {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, position) => {
    buffer.writeUInt32LE(value, position * 4);
  });
  return buffer;
}
