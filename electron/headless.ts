import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import packageFile from "../package.json" with { type: "json" };
import { startConsole } from "./app.ts";
import { readHeadlessOptions } from "./command-line.ts";
import { fileSecrets } from "./connections/secrets.ts";
import { startLog } from "./log.ts";

/** The bearer token of the interface: read from its file, or made and written for nobody else to read. */
function bearerToken(file: string): string {
  if (existsSync(file)) {
    if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
      throw new Error(`others can read ${file}: run chmod 600 on it`);
    }
    const token = readFileSync(file, "utf8").trim();
    if (token.length >= 16) return token;
    throw new Error(`the token in ${file} is too short: 16 characters at least`);
  }
  const token = randomBytes(32).toString("base64url");
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}

async function main(): Promise<void> {
  const options = readHeadlessOptions(process.argv.slice(2));
  const state = process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state");
  const directory = options.dataDirectory ?? join(state, "switchyard");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const log = startLog(join(directory, "logs"));
  const started = await startConsole({
    mode: "headless",
    version: packageFile.version,
    directory,
    secrets: fileSecrets(join(directory, "secrets.json")),
    playground: options.playground,
    bearerToken: bearerToken(options.tokenFile ?? join(directory, "token")),
    pages: join(__dirname, "renderer"),
    log,
  });
  const stop = () => {
    void started.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  console.log(await started.listen(options.port));
}

main().catch((error: unknown) => {
  console.error(`Switchyard could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
