import { topic } from "../contract/index.ts";
import { queueRowSchema } from "./schema.ts";

export const forgeTopics = {
  "forge.queues": topic({ scope: "connection", row: queueRowSchema, key: (row) => row.name }),
};
