import { type InputFor, type OperationName, operations } from "../../shared/catalogue.ts";
import type { Operation, WireRequest } from "../../shared/contract/index.ts";
import { httpRequestOf } from "./http-route.ts";
import { shellLine } from "./shell-words.ts";

/** The curl command that does the same through the console's HTTP interface; the token's file is left to the person. */
export function curlOf<Name extends OperationName>(name: Name, input: InputFor<Name>): string {
  const operation: Operation = operations[name];
  const request = httpRequestOf(operation, input);
  const headers = Object.entries(request.headers).map(([header, value]) =>
    shellLine(["-H", `${header}: ${value}`]),
  );
  const parts = [
    shellLine(["curl", "-X", request.method]),
    `-H "Authorization: Bearer $(cat "$SWITCHYARD_TOKEN_FILE")"`,
    ...headers,
    ...(request.body === undefined ? [] : [shellLine(["--data-raw", request.body])]),
    consoleOrigin() + shellLine([request.url]),
  ];
  return parts.join(" \\\n  ");
}

/** The command that sends the same bytes by the far system's own tool; undefined where it has none. */
export function wireCommandOf(request: WireRequest): string | undefined {
  const body = request.payload === undefined ? "" : payloadText(request.payload);
  if (request.protocol === "nats") return shellLine(["nats", "request", request.address, body]);
  if (request.protocol !== "http") return undefined;
  const data = body === "" ? [] : ["-H", "Content-Type: application/json", "--data-raw", body];
  return shellLine(["curl", "-X", request.method ?? "GET", ...data, request.address]);
}

function payloadText(payload: unknown): string {
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}

function consoleOrigin(): string {
  const { origin, protocol } = window.location;
  return protocol.startsWith("http") ? shellLine([origin]) : '"http://127.0.0.1:$SWITCHYARD_PORT"';
}
