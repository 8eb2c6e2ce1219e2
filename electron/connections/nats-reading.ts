import type { NatsConnection } from "nats";

interface Protocol {
  processMsg(message: unknown, data: Uint8Array): void;
}

/**
 * Keeps one message from ending the connection that brought it. The NATS client calls its listeners, and reads the headers
 * of a message for them, inside the loop that reads the socket: an exception there ends that loop, and nothing is received
 * any more on a connection that looks open. Everybody on the server can send headers that are none.
 */
export function keepReading(connection: NatsConnection): void {
  const { protocol } = connection as unknown as { protocol: Protocol };
  const processMessage = protocol.processMsg.bind(protocol);
  protocol.processMsg = (message, data) => {
    try {
      processMessage(message, data);
    } catch (error) {
      // Such a message says nothing to anybody.
      if (hasBadHeaders(error)) return;
      // A mistake of a listener is told like any other.
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}

/** The two clients have an error class each, and the codes in common. */
function hasBadHeaders(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "BAD_HEADER";
}
