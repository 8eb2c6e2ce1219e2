import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { damagedBytes } from "../../../recordings/fuzz.ts";
import { numbersFrom } from "../../../shared/testing/hostile-json.ts";

/** What no Valkey sends in these places: replies that nobody asked for, lengths and depths without end, other protocols. */
const hostileFrames: readonly Buffer[] = [
  "$-1\r\n",
  "*-1\r\n",
  "*0\r\n",
  "*-2\r\n",
  "*4294967295\r\n",
  "*4294967296\r\n",
  "*99999999999999999999\r\n",
  "*abc\r\n",
  "$4294967296\r\n",
  "$99999999999999999999\r\nx",
  "$-7\r\n",
  "$3\r\nabcdefgh\r\n",
  "$\r\n\r\n",
  "*1\r\n".repeat(20_000),
  `${"*1\r\n".repeat(20_000)}:1\r\n`,
  "*2\r\n$1\r\na\r\n?nothing\r\n",
  "?\r\n",
  "\r\n\r\n",
  "HTTP/1.1 400 Bad Request\r\n\r\n",
  "%1\r\n+a\r\n+b\r\n",
  "_\r\n",
  ":99999999999999999999999999\r\n",
  ":\r\n",
  "+OK\n",
  `+${"x".repeat(200_000)}`,
  `-${"x".repeat(200_000)}\r\n`,
  "*3\r\n:1\r\n$2\r\nOK\r\n*-1\r\n",
  "*4\r\n:1\r\n$-1\r\n$-1\r\n$-1\r\n",
  "\u0000\u0000\u0000\u0000",
].map((text) => Buffer.from(text, "latin1"));

export type Mutation = (reply: Buffer) => { bytes: Buffer; ending: "keep" | "close" };

/** How a reply is changed on its way. */
export function hostileReply(seed: number): Mutation {
  const upTo = numbersFrom(seed);
  const kind = upTo(10);
  const frame = hostileFrames[upTo(hostileFrames.length)] as Buffer;
  const ending = upTo(4) === 0 ? "close" : "keep";
  if (kind < 4) return (reply) => ({ bytes: damagedBytes(reply, seed >>> 1), ending });
  if (kind < 6) return (reply) => ({ bytes: Buffer.concat([frame, reply]), ending });
  if (kind < 8) return () => ({ bytes: frame, ending });
  if (kind === 8) return (reply) => ({ bytes: Buffer.concat([reply, frame]), ending });
  return (reply) => ({ bytes: reply.subarray(0, upTo(reply.length + 1)), ending: "close" });
}

/** A reply that is no whole one is waited for; then the connection ends. */
const hangMs = 40;

/** A way to a real Valkey that changes its replies while it is told to. */
export async function hostileWay(port: number) {
  let mutation: Mutation | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection({ host: "127.0.0.1", port });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    near.pipe(far);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    far.on("data", (reply: Buffer) => {
      if (!mutation) return void near.write(reply);
      const { bytes, ending } = mutation(reply);
      if (ending === "close") near.end(bytes);
      else near.write(bytes, () => setTimeout(() => near.destroy(), hangMs).unref());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    change: (next: Mutation | undefined) => {
      mutation = next;
    },
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
