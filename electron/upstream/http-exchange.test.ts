import { Agent } from "node:http";
import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { exchange } from "./http-exchange.ts";

test("an answer that changes the protocol is an error of the request, at once", async () => {
  const head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).on("data", () => socket.write(head));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const broken = exchange({
    method: "GET",
    address: `http://127.0.0.1:${port}/`,
    headers: {},
    agent: new Agent(),
    timeoutMs: 30_000,
    maxReplyBytes: 1_000,
    signal: new AbortController().signal,
  });
  await expect(broken).rejects.toMatchObject({
    cause: { code: "PROTOCOL_CHANGED" },
    connected: true,
  });
  for (const socket of sockets) socket.destroy();
  server.close();
});
