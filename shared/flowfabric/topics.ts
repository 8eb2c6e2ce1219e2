import { topic } from "../contract/index.ts";
import { rotationRowSchema } from "./rotation-schema.ts";

export const flowfabricTopics = {
  "flowfabric.rotations": topic({ scope: "connection", row: rotationRowSchema, key: (row) => row.id }),
};
