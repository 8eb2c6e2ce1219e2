import { join } from "node:path";
import logger from "electron-log/node";

export type Log = Pick<typeof logger, "info" | "warn" | "error">;

/** Writes to `main.log` in the folder (at most 5 MiB, one old file kept) and, where asked, to standard error. */
export function startLog(directory: string): Log {
  logger.transports.file.resolvePathFn = () => join(directory, "main.log");
  logger.transports.file.maxSize = 5 * 1_048_576;
  logger.transports.file.level = "info";
  logger.transports.console.level = "warn";
  return logger;
}
