import { type InputFor, type OperationName, operations } from "../../shared/catalogue.ts";
import type { Operation, WireRequest } from "../../shared/contract/index.ts";
import { httpRequestOf } from "./http-route.ts";

/** Puts a text into single quotes for a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The curl command that does the same through the console's HTTP interface; the token's file is left to the person. */
export function curlOf<Name extends OperationName>(name: Name, input: InputFor<Name>): string {
  const operation: Operation = operations[name];
  const request = httpRequestOf(operation, input);
  const headers = Object.entries(request.headers).map(
    ([header, value]) => `-H ${shellQuote(`${header}: ${value}`)}`,
  );
  const parts = [
    `curl -X ${request.method}`,
    `-H "Authorization: Bearer $(cat "$SWITCHYARD_TOKEN_FILE")"`,
    ...headers,
    ...(request.body === undefined ? [] : [`--data ${shellQuote(request.body)}`]),
    shellQuote(consoleOrigin() + request.url),
  ];
  return parts.join(" \\\n  ");
}

/** The command that sends the same bytes by the far system's own tool; undefined where it has none. */
export function wireCommandOf(request: WireRequest): string | undefined {
  const body = request.payload === undefined ? "" : payloadText(request.payload);
  if (request.protocol === "nats") return `nats request ${shellQuote(request.address)} ${shellQuote(body)}`;
  if (request.protocol !== "http") return undefined;
  const data = body === "" ? "" : ` -H 'Content-Type: application/json' --data ${shellQuote(body)}`;
  return `curl -X ${request.method ?? "GET"}${data} ${shellQuote(request.address)}`;
}

function payloadText(payload: unknown): string {
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}

function consoleOrigin(): string {
  const { origin, protocol } = window.location;
  return protocol.startsWith("http") ? origin : "http://127.0.0.1:$SWITCHYARD_PORT";
}
