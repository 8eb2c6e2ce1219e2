import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** Sockets whose connection stands; an agent hands one of them to request after request. */
const established = new WeakSet<Socket>();

/** Whether anything of a request may have reached the far side. */
export interface RequestContact {
  /** Its connection stands, over TLS with the handshake behind it: before that, no byte of a request is sent. */
  readonly made: boolean;
}

/** Follows a request that was just made to its connection. */
export function followContact(outgoing: ClientRequest): RequestContact {
  const contact = { made: false };
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
