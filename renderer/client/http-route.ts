import type { CallOptions, HttpMethod } from "../../shared/contract/index.ts";
import { Failure } from "../../shared/contract/index.ts";

export interface HttpRoute {
  method: HttpMethod;
  path: string;
}

export interface HttpRequest {
  method: HttpMethod;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/** Turns a call into its HTTP request: path fields first, the rest as query text or JSON body. */
export function httpRequestOf(route: HttpRoute, input: unknown, options: CallOptions = {}): HttpRequest {
  const fields = new Map(Object.entries((input ?? {}) as Record<string, unknown>));
  const path = route.path.replace(/\{(\w+)\}/g, (_match, field: string) => {
    const text = pathText(field, fields.get(field));
    fields.delete(field);
    return text;
  });
  const headers = { Accept: "application/json", ...optionHeaders(options) };
  const url = `/api${path}`;
  if (route.method === "GET" || route.method === "DELETE") {
    return { method: route.method, url: url + queryText(fields), headers };
  }
  return {
    method: route.method,
    url,
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(fields)),
  };
}

function pathText(field: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return encodeURIComponent(value);
  if (typeof value === "number") return String(value);
  throw new Failure({ code: "invalid_input", message: `${field}: needed to address the request` });
}

function queryText(fields: ReadonlyMap<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of fields) {
    if (value === undefined) continue;
    parameters.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

function optionHeaders(options: CallOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  if (options.reason) headers["Switchyard-Reason"] = encodeURIComponent(options.reason);
  if (options.batch) headers["Switchyard-Batch"] = options.batch;
  if (options.confirmation) headers["Switchyard-Confirmation"] = options.confirmation.token;
  if (options.confirmation?.phrase) {
    headers["Switchyard-Phrase"] = encodeURIComponent(options.confirmation.phrase);
  }
  return headers;
}
