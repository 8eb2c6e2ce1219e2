import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** Code of the error of a request whose answer was 101. */
export const protocolChanged = "PROTOCOL_CHANGED";

/** Sockets whose connection stands; an agent hands one of them to request after request. */
const established = new WeakSet<Socket>();

/** Whether anything of a request may have reached the far side. */
export interface RequestContact {
  /** Its connection stands, over TLS with the handshake behind it: before that, no byte of a request is sent. */
  readonly made: boolean;
}

/** Follows a request that was just made to its connection; an answer that changes the protocol becomes an error of it. */
export function followContact(outgoing: ClientRequest): RequestContact {
  const contact = { made: false };
  refuseUpgrade(outgoing);
  // A request that waits for a free socket of its agent has no contact either.
  outgoing.once("socket", (socket) => {
    if (established.has(socket)) {
      contact.made = true;
      return;
    }
    socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", () => {
      established.add(socket);
      contact.made = true;
    });
  });
  return contact;
}

/** Without a listener, Node closes the connection on such an answer, and the request hears of neither. */
function refuseUpgrade(outgoing: ClientRequest): void {
  outgoing.once("upgrade", (_answer, socket) => {
    socket.destroy();
    outgoing.emit(
      "error",
      Object.assign(new Error("the far side changed the protocol"), { code: protocolChanged }),
    );
  });
}
