import "./umask.ts";
import "./tls-checks.ts";
import { homedir } from "node:os";
import { join } from "node:path";
import packageFile from "../package.json" with { type: "json" };
import { announce } from "./announce.ts";
import { type Console, startConsole } from "./app.ts";
import { readHeadlessOptions } from "./command-line.ts";
import { allowLinkLocal } from "./connections/addresses.ts";
import { fileSecrets } from "./connections/secrets.ts";
import { startLog } from "./log.ts";
import { keepPrivate } from "./storage/private-folder.ts";
import { handleUncaughtErrors } from "./uncaught-errors.ts";

async function main(): Promise<void> {
  const options = readHeadlessOptions(process.argv.slice(2));
  const state = process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state");
  const directory = options.dataDirectory ?? join(state, "switchyard");
  allowLinkLocal(options.allowLinkLocal);
  const notices = keepPrivate(directory);
  const log = startLog(join(directory, "logs"));
  let running: Console | undefined;
  const uncaught = handleUncaughtErrors({
    log,
    notify: (text) => running?.addNotice(text),
    end: (line) => {
      console.error(line);
      process.exit(1);
    },
  });
  const started = await startConsole({
    mode: "headless",
    version: packageFile.version,
    directory,
    notices,
    files: options.filesDirectory,
    secrets: fileSecrets(join(directory, "secrets.json")),
    playground: options.playground,
    guards: options.guards,
    waits: options.imageWaitMs === undefined ? undefined : { coldMs: options.imageWaitMs },
    tokenFile: options.tokenFile ?? join(directory, "token"),
    pages: join(__dirname, "renderer"),
    log,
  });
  running = started;
  uncaught.started();
  const stop = () => {
    void started.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  announce(await started.listen(options.port), process.stdout);
}

main().catch((error: unknown) => {
  console.error(`Switchyard could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
