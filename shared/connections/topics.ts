import { topic } from "../contract/index.ts";
import { connectionRowSchema } from "./schema.ts";

export const connectionsTopics = {
  connections: topic({ scope: "console", row: connectionRowSchema, key: (row) => row.profile.id }),
};
