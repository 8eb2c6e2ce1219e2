import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readPrivateFile } from "./storage/private-files.ts";

/** The bearer token of the HTTP interface: read from its file, or made and written for nobody else to read. Throws an Error that says what is wrong with the file. */
export function bearerToken(file: string): string {
  const text = readPrivateFile(file);
  if (text !== undefined) return checked(text.trim(), file);
  const token = randomBytes(32).toString("base64url");
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Only where there is nothing: a link that leads nowhere yet would carry the token to a place of somebody else's choice.
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: "wx" });
  return token;
}

function checked(token: string, file: string): string {
  if (token.length < 16) throw new Error(`the token in ${file} is too short: 16 characters at least`);
  if (/\s/.test(token))
    throw new Error(`${file} holds more than one word: no request could carry that as its token`);
  return token;
}
