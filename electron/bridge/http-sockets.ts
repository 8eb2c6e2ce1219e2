import type { Socket } from "node:net";

/** Sockets that are open at a time; a browser uses six, and each open file is one less for the databases. */
const most = 256;

/**
 * Bounds the open sockets. Where there are too many, the longest open one goes that has not shown the token, so that
 * whoever opens thousands and says nothing keeps nobody out.
 */
export class SocketBound {
  private readonly strangers = new Set<Socket>();
  private open = 0;

  /** Takes a new socket in. */
  admit(socket: Socket): void {
    this.open++;
    this.strangers.add(socket);
    socket.once("close", () => {
      this.open--;
      this.strangers.delete(socket);
    });
    if (this.open <= most) return;
    const [oldest] = this.strangers;
    oldest?.destroy();
    if (oldest) this.strangers.delete(oldest);
  }

  /** Whoever is behind this socket may call. */
  trust(socket: Socket): void {
    this.strangers.delete(socket);
  }
}
