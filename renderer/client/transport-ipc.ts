import type { CallOptions, Reply, TopicMessage } from "../../shared/contract/index.ts";
import type { Transport } from "./transport.ts";

/** What the preload script puts on the window of the desktop application. */
export interface PreloadBridge {
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
export function createIpcTransport(bridge: PreloadBridge): Transport {
  return {
    platform: bridge.platform,
    call: (name, input, options) => bridge.call(name, input, options),
    subscribe: (address, listener) =>
      bridge.subscribe(address, (message) => {
        listener.message(message);
      }),
  };
}
