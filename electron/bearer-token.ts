import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The bearer token of the HTTP interface: read from its file, or made and written for nobody else to read. Throws an Error that says what is wrong with the file. */
export function bearerToken(file: string): string {
  if (existsSync(file)) return readToken(file);
  const token = randomBytes(32).toString("base64url");
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Only where there is nothing: a link that leads nowhere yet would carry the token to a place of somebody else's choice.
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: "wx" });
  return token;
}

function readToken(file: string): string {
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new Error(`others can read ${file}: run chmod 600 on it`);
  }
  const token = readFileSync(file, "utf8").trim();
  if (token.length >= 16) return token;
  throw new Error(`the token in ${file} is too short: 16 characters at least`);
}
