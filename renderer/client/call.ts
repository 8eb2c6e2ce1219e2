import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import { type CallOptions, Failure, type Reply, type TopicMessage } from "../../shared/contract/index.ts";
import type { Transport } from "./transport.ts";
import { createHttpTransport } from "./transport-http.ts";

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

/** What the preload script puts on the window of the desktop application. */
interface PreloadBridge {
  readonly platform: string;
  call(name: string, input: unknown, options?: CallOptions): Promise<Reply>;
  subscribe(address: string, onMessage: (message: TopicMessage) => void): () => void;
}

declare global {
  interface Window {
    switchyard?: PreloadBridge;
  }
}

/** The transport of the desktop application: Electron IPC behind the preload bridge. */
function createIpcTransport(bridge: PreloadBridge): Transport {
  return {
    platform: bridge.platform,
    call: (name, input, options) => bridge.call(name, input, options),
    subscribe: (address, listener) =>
      bridge.subscribe(address, (message) => {
        listener.message(message);
      }),
  };
}
