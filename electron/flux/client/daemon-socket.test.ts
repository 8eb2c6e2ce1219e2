import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { defaultLimits } from "../listener/limits.ts";
import { DaemonSocket } from "./daemon-socket.ts";

test("what is called on a connection that is closing was not sent", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const daemon = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const [[socket]] = (await Promise.all([once(server, "connection"), once(daemon, "open")])) as [
      [WebSocket],
      [],
    ];
    const registration = { protocol: 11, userAgent: "test", remoteAddress: "127.0.0.1" } as const;
    const parts = { limits: defaultLimits, now: Date.now, onEnd: () => undefined };
    const { rpc } = new DaemonSocket(socket, registration, parts);
    socket.close();
    expect(rpc.ended).toBeUndefined();
    await expect(rpc.call("Version", {}, 60_000)).rejects.toMatchObject({ kind: "lost", notSent: true });
    expect(rpc.pendingCalls).toBe(0);
  } finally {
    daemon.terminate();
    server.close();
  }
});
