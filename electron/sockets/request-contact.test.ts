import { request } from "node:http";
import { expect, test } from "vitest";
import { followContact, protocolChanged } from "./request-contact.ts";
import { startRawServer } from "./testing/silent-servers.ts";

test("an answer that changes the protocol is an error of the request, at once", async () => {
  const head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";
  const server = await startRawServer((socket) => void socket.write(head));
  const outgoing = request({ host: "127.0.0.1", port: server.port });
  const contact = followContact(outgoing);
  const error = new Promise((resolve) => outgoing.once("error", resolve));
  outgoing.end();
  expect(await error).toMatchObject({ code: protocolChanged });
  expect(contact.made).toBe(true);
  await server.stop();
});
