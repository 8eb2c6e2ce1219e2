export * from "./access.ts";
export * from "./activity.ts";
export * from "./canonical.ts";
export * from "./change.ts";
export * from "./failure.ts";
export * from "./guard.ts";
export * from "./handler.ts";
export * from "./operation.ts";
