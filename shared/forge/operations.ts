import { cronOperations } from "./cron-operations.ts";
import { jobCommands, jobQueries } from "./job-operations.ts";
import { queueOperations } from "./queue-operations.ts";
import { seriesOperations } from "./series-operations.ts";

/** Every operation on a forge-jobs server, by name. */
export const forgeOperations = {
  ...queueOperations,
  ...jobQueries,
  ...jobCommands,
  ...cronOperations,
  ...seriesOperations,
};
