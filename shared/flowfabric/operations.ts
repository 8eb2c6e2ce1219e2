import { executionOperations } from "./execution-operations.ts";
import { limitOperations } from "./limit-operations.ts";
import { rotationOperations } from "./rotation-operations.ts";
import { serverOperations } from "./server-operations.ts";

/** Every operation on a FlowFabric server, by name. */
export const flowfabricOperations = {
  ...limitOperations,
  ...rotationOperations,
  ...executionOperations,
  ...serverOperations,
};
