import { once } from "node:events";
import { createConnection, type Socket } from "node:net";

/** A message as it came; `reply` is empty where nobody waits. */
export interface RawMessage {
  subject: string;
  reply: string;
  payload: Buffer;
}

/** What goes out: the header block is written as it is, whether or not it is one. */
export interface RawContent {
  payload: Uint8Array;
  headers?: Uint8Array | undefined;
}

/** Somebody on a NATS server who writes the protocol by hand, because no library sends a header that is none. */
export class RawPeer {
  /** What the server complained of. */
  readonly complaints: string[] = [];
  private readonly receivers = new Map<string, (message: RawMessage) => void>();
  private readonly pongs: (() => void)[] = [];
  private rest: Buffer = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => this.take(chunk));
    socket.on("error", (error) => this.complaints.push(error.message));
  }

  static async connect(port: number, token: string | undefined): Promise<RawPeer> {
    const socket = createConnection({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect");
    const peer = new RawPeer(socket);
    const options = {
      verbose: false,
      pedantic: false,
      headers: true,
      no_responders: true,
      auth_token: token,
    };
    socket.write(`CONNECT ${JSON.stringify(options)}\r\n`);
    await peer.flush();
    return peer;
  }

  /** Receives what is sent to a subject, beside whoever else does. */
  subscribe(subject: string, receive: (message: RawMessage) => void): void {
    const id = String(this.receivers.size + 1);
    this.receivers.set(id, receive);
    this.socket.write(`SUB ${subject} ${id}\r\n`);
  }

  publish(subject: string, { payload, headers }: RawContent): void {
    const line =
      headers === undefined
        ? `PUB ${subject} ${payload.length}\r\n`
        : `HPUB ${subject} ${headers.length} ${headers.length + payload.length}\r\n`;
    this.socket.cork();
    this.socket.write(line);
    if (headers !== undefined) this.socket.write(headers);
    this.socket.write(payload);
    this.socket.write("\r\n");
    this.socket.uncork();
  }

  /** Resolves when the server has taken everything that was written so far. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.pongs.push(resolve);
      this.socket.write("PING\r\n");
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.takeOne());
  }

  /** Takes one operation of the server, if it is there as a whole. */
  private takeOne(): boolean {
    const end = this.rest.indexOf("\r\n");
    if (end < 0) return false;
    const [operation = "", ...fields] = this.rest.toString("latin1", 0, end).split(" ");
    const isMessage = operation === "MSG" || operation === "HMSG";
    const size = isMessage ? Number(fields.at(-1)) + 2 : 0;
    const start = end + 2;
    if (this.rest.length < start + size) return false;
    const body = this.rest.subarray(start, start + size - 2);
    this.rest = this.rest.subarray(start + size);
    if (operation === "PING") this.socket.write("PONG\r\n");
    else if (operation === "PONG") this.pongs.shift()?.();
    else if (operation === "-ERR") this.complaints.push(fields.join(" "));
    else if (isMessage) this.deliver(fields, body, operation === "HMSG" ? 2 : 1);
    return true;
  }

  private deliver(fields: readonly string[], body: Buffer, sizes: 1 | 2): void {
    const [subject = "", id = ""] = fields;
    const reply = fields.length === 2 + sizes ? "" : (fields[2] ?? "");
    const payload = sizes === 2 ? body.subarray(Number(fields.at(-2))) : body;
    this.receivers.get(id)?.({ subject, reply, payload });
  }
}
