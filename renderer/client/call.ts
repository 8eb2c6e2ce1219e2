import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import type { CallOptions } from "../../shared/contract/index.ts";
import { Failure } from "../../shared/contract/index.ts";
import type { Transport } from "./transport.ts";
import { createHttpTransport } from "./transport-http.ts";
import { createIpcTransport } from "./transport-ipc.ts";

let chosen: Transport | undefined;

/** The transport of this window: IPC where the preload bridge exists, HTTP in a browser. */
export function transport(): Transport {
  chosen ??= window.switchyard ? createIpcTransport(window.switchyard) : createHttpTransport();
  return chosen;
}

/** Calls one operation of the console; throws a `Failure` where it does not succeed. */
export async function call<Name extends OperationName>(
  name: Name,
  input: InputFor<Name>,
  options?: CallOptions,
): Promise<OutputFor<Name>> {
  const reply = await transport().call(name, input, options);
  if (!reply.ok) throw new Failure(reply.failure);
  return reply.output as OutputFor<Name>;
}

/** Whether this page is the console's own window, not a browser's. */
export function isOwnWindow(): boolean {
  return window.switchyard !== undefined;
}
