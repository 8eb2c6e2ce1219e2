import { type OperationName, operations } from "../../shared/catalogue.ts";
import type { CallOptions } from "../../shared/contract/index.ts";

export interface HttpRequest {
  url: string;
  init: { method: string; headers: Record<string, string>; body?: string };
}

/** An operation as a request of the HTTP interface, written from its documentation and not from the product's client. */
export function httpRequest(
  name: OperationName,
  input: Record<string, unknown>,
  options: CallOptions,
): HttpRequest {
  const operation = operations[name];
  const rest = { ...input };
  const path = operation.path.replace(/\{(\w+)\}/g, (_match, field: string) => {
    const value = String(rest[field]);
    delete rest[field];
    return encodeURIComponent(value);
  });
  const headers = optionHeaders(options);
  if (operation.method === "POST" || operation.method === "PUT") {
    const init = { method: operation.method, headers: { ...headers, "content-type": "application/json" } };
    return { url: `/api${path}`, init: { ...init, body: JSON.stringify(rest) } };
  }
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(
    given.map(([field, value]) => [field, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return { url: `/api${path}?${query}`, init: { method: operation.method, headers } };
}

function optionHeaders({ reason, batch, confirmation }: CallOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  if (reason) headers["switchyard-reason"] = encodeURIComponent(reason);
  if (batch) headers["switchyard-batch"] = batch;
  if (confirmation) headers["switchyard-confirmation"] = confirmation.token;
  if (confirmation?.phrase) headers["switchyard-phrase"] = encodeURIComponent(confirmation.phrase);
  return headers;
}
