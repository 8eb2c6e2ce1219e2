import "./umask.ts";
import "./tls-checks.ts";
import { homedir } from "node:os";
import { join } from "node:path";
import packageFile from "../../package.json" with { type: "json" };
import { fileSecrets } from "../connections/secrets.ts";
import { type DataFolder, FolderInUse, lockFolder, readFolder } from "../storage/data-folder.ts";
import { keepPrivate } from "../storage/private-folder.ts";
import { allowLinkLocal } from "../upstream/addresses.ts";
import { announce } from "./announce.ts";
import { type Console, startConsole } from "./app.ts";
import { type HeadlessOptions, readHeadlessOptions } from "./command-line.ts";
import { startLog } from "./log.ts";
import { handleUncaughtErrors } from "./uncaught-errors.ts";

const folderInUse = 3;

async function main(): Promise<void> {
  const options = readHeadlessOptions(process.argv.slice(2));
  allowLinkLocal(options.allowLinkLocal);
  const { folder, notices } = openFolder(options);
  const log = startLog(join(folder.writable, "logs"));
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
    folder,
    notices,
    files: options.filesDirectory,
    secrets: fileSecrets(join(folder.writable, "secrets.json")),
    playground: options.playground,
    guards: options.guards,
    waits: options.imageWaitMs === undefined ? undefined : { coldMs: options.imageWaitMs },
    tokenFile: options.tokenFile ?? join(folder.writable, "token"),
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

function openFolder({ dataDirectory, readOnly }: HeadlessOptions): { folder: DataFolder; notices: string[] } {
  const state = process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state");
  const directory = dataDirectory ?? join(state, "switchyard");
  if (readOnly) return { folder: readFolder(directory), notices: [] };
  // First, because it opens and closes files, and to close a file gives up the locks of this process on it.
  const notices = keepPrivate(directory);
  return { folder: lockFolder(directory, "headless"), notices };
}

main().catch((error: unknown) => {
  console.error(`Switchyard could not start: ${error instanceof Error ? error.message : String(error)}`);
  if (!(error instanceof FolderInUse)) process.exit(1);
  console.error("End it first, or start with --read-only to look at the folder beside it.");
  process.exit(folderInUse);
});
