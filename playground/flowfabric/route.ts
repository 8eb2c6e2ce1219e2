import type { Fields } from "./fields.ts";
import type { Reply } from "./reply.ts";
import type { StoreCalls } from "./store.ts";

/** One request that has passed everything in front of the handlers. */
export interface Call {
  /** Decoded path segments that the template names, in order. */
  parameters: readonly string[];
  query: URLSearchParams;
  /** Reads the JSON body; throws what the extractor would reject. */
  fields(): Fields;
}

export interface Route {
  method: "GET" | "POST" | "PUT";
  /** Such as `/v1/executions/{id}/cancel`. */
  template: string;
  /** Cap of the body in bytes; none where the route takes no body. */
  limit?: number;
  /** Takes no body although it has a cap: a chunked body is not looked at. */
  ignoresBody?: boolean;
  /** What it asks of the store; nothing fails where it is left out. */
  calls?: StoreCalls;
  handle(call: Call): Reply | Promise<Reply>;
}

export const large = 1_048_576;
export const medium = 262_144;
export const small = 65_536;

/** One path parameter. */
export function parameter(call: Call, index = 0): string {
  return call.parameters[index] ?? "";
}
