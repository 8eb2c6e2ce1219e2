import { activityOperations, activityTopics } from "./activity/operations.ts";
import { connectionsOperations } from "./connections/operations.ts";
import { connectionsTopics } from "./connections/topics.ts";
import { accessOperations } from "./console/access-operations.ts";
import { consoleOperations } from "./console/operations.ts";
import type { OperationOf } from "./contract/index.ts";
import { eventsOperations, eventsTopics } from "./events/operations.ts";
import { flowfabricOperations } from "./flowfabric/operations.ts";
import { flowfabricTopics } from "./flowfabric/topics.ts";
import { fluxOperations } from "./flux/operations.ts";
import { fluxTopics } from "./flux/topics.ts";
import { forgeOperations } from "./forge/operations.ts";
import { forgeTopics } from "./forge/topics.ts";
import { guardsOperations, guardsTopics } from "./guards/operations.ts";
import { latticeOperations } from "./lattice/operations.ts";
import { latticeTopics } from "./lattice/topics.ts";
import { playgroundOperations } from "./playground/operations.ts";

/** Every operation of the console, by name. */
export const operations = {
  ...consoleOperations,
  ...accessOperations,
  ...connectionsOperations,
  ...guardsOperations,
  ...activityOperations,
  ...eventsOperations,
  ...latticeOperations,
  ...flowfabricOperations,
  ...forgeOperations,
  ...fluxOperations,
  ...playgroundOperations,
};

/** Every topic of the console, by name. */
export const topics = {
  ...connectionsTopics,
  ...guardsTopics,
  ...activityTopics,
  ...eventsTopics,
  ...latticeTopics,
  ...flowfabricTopics,
  ...forgeTopics,
  ...fluxTopics,
};

/**
 * What all shown answers together may ask of the far system of one connection a second. It leaves room for the link's own
 * probes, and at a jobs server for the topic of queues, which is read every two seconds.
 */
export const requestsPerSecond = { lattice: 0.8, flowfabric: 0.7, forge: 0.25, flux: 0.8 } as const;

export type OperationName = keyof typeof operations;
export type TopicName = keyof typeof topics;
export type InputFor<Name extends OperationName> = OperationOf<typeof operations, Name>["input"];
export type OutputFor<Name extends OperationName> = OperationOf<typeof operations, Name>["output"];
export type TopicRow<Name extends TopicName> = (typeof topics)[Name] extends {
  key: (row: infer Row) => string;
}
  ? Row
  : never;
