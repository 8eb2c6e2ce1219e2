import { homedir } from "node:os";
import { join } from "node:path";

/** Where programs that were built for these tests are kept. */
export const cacheFolder = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "switchyard",
  "interop",
);
