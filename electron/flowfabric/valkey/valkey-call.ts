import { type Cluster, Command, type Redis } from "iovalkey";

/** A ping as it goes over the wire. */
const ping = "*1\r\n$4\r\nPING\r\n";

/**
 * One command on its way to Valkey. The client would carry it on after the caller was told that it failed: from the queue of
 * a server that is being connected to, and to wherever a late answer redirects it. A rotation that comes so late rolls back
 * what was rotated since, so that nothing of a call leaves any more once it is over.
 */
export class ValkeyCall extends Command {
  /** Host and port of the server of a cluster that it went to last. */
  server: string | undefined;
  private written = false;
  private over = false;

  constructor(name: string, args: readonly string[]) {
    super(name, [...args], { replyEncoding: "utf8" });
  }

  /** Whether it left for a server; after the call is over, this stays as it is. */
  get isSent(): boolean {
    return this.written;
  }

  /** The slot of its key in a cluster; undefined without a key. */
  get keySlot(): number | undefined {
    return this.getSlot() ?? undefined;
  }

  override toWritable(socket: object): string | Buffer {
    // Its place in the queue will get the next answer, so that something has to be asked.
    if (this.over) return ping;
    this.written = true;
    return super.toWritable(socket);
  }

  /** Resolves with the answer; throws what the client throws. */
  async carryOut(client: Redis | Cluster): Promise<unknown> {
    client.sendCommand(this);
    try {
      return await this.promise;
    } finally {
      this.over = true;
      this.resolve = () => undefined;
      this.reject = () => undefined;
    }
  }
}

/** Has calls know which server of a cluster they go to, wherever its client sends them; nothing of the node is left unheard. */
export function markCalls(node: Redis): void {
  const { host = "", port = 0 } = node.options;
  const send = node.sendCommand.bind(node);
  // What becomes of a connection that the cluster's client has let go concerns nobody, and would be written to the console.
  node.on("error", () => undefined);
  node.sendCommand = (command, stream) => {
    if (command instanceof ValkeyCall) command.server = `${host}:${port}`;
    // The cluster's client leaves it to nobody to hear that this one failed.
    if (command.name === "asking") command.promise.catch(() => undefined);
    return send(command, stream);
  };
}
