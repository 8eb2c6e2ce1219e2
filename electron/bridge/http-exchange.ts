import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallOptions, HttpCaller } from "../../shared/contract/index.ts";
import { decodePercent } from "./http-input.ts";

/** One request that may be answered. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** The fields in its path. */
  fields: Record<string, string>;
  query: Record<string, string>;
  caller: HttpCaller;
}

/** What the headers say beside the input. Throws `invalid_input` for one that is not percent-encoded. */
export function readOptions(request: IncomingMessage): CallOptions {
  const header = (name: string) => {
    const text = request.headers[name.toLowerCase()];
    return typeof text === "string" ? decodePercent(text, name) : undefined;
  };
  const options: CallOptions = {};
  const reason = header("Switchyard-Reason");
  const batch = header("Switchyard-Batch");
  const token = header("Switchyard-Confirmation");
  const phrase = header("Switchyard-Phrase");
  if (reason) options.reason = reason.slice(0, 1_000);
  if (batch) options.batch = batch.slice(0, 100);
  if (token) options.confirmation = phrase === undefined ? { token } : { token, phrase };
  return options;
}
