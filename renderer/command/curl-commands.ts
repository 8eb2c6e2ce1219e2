import { type InputFor, type OperationName, operations } from "../../shared/catalogue.ts";
import type { Operation, WireRequest } from "../../shared/contract/index.ts";
import { httpRequestOf } from "../client/http-route.ts";
import type { CommandWords, Word } from "./shells/command-line.ts";

/** The curl command that does the same through the console's HTTP interface; the token's file is left to the person. */
export function curlOf<Name extends OperationName>(name: Name, input: InputFor<Name>): CommandWords {
  const operation: Operation = operations[name];
  const request = httpRequestOf(operation, input);
  const headers = Object.entries(request.headers).map(([header, value]) => ["-H", `${header}: ${value}`]);
  // Not --data, for which a text that begins with @ names a file.
  const body = request.body === undefined ? [] : [["--data-raw", { json: request.body }]];
  return {
    bearer: true,
    rows: [["curl", "-X", request.method], ...headers, ...body, addressWords(atConsole(request.url))],
  };
}

/** The curl command that sends the same request to the far system itself; undefined where it is not spoken to by HTTP. */
export function farCurlOf({ protocol, method, address, payload }: WireRequest): CommandWords | undefined {
  if (protocol !== "http" || !/^https?:\/\//.test(address)) return undefined;
  const body = payload === undefined || payload === "" ? [] : bodyWords(payload);
  return { rows: [["curl", "-X", method ?? "GET", ...body, ...addressWords(address)]] };
}

function bodyWords(payload: unknown): Word[] {
  const json = typeof payload === "string" ? payload : JSON.stringify(payload);
  return ["-H", "Content-Type: application/json", "--data-raw", { json }];
}

/** curl makes several addresses of one with braces or brackets. */
function addressWords(address: Word): Word[] {
  return /[[\]{}]/.test(typeof address === "string" ? address : "") ? ["--globoff", address] : [address];
}

function atConsole(path: string): Word {
  const { origin, protocol } = window.location;
  if (protocol.startsWith("http")) return origin + path;
  return { before: "http://127.0.0.1:", variable: "SWITCHYARD_PORT", after: path };
}
