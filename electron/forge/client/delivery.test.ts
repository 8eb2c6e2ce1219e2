import { afterEach, expect, test } from "vitest";
import type { Failure } from "../../../shared/contract/index.ts";
import { type SilentServer, startFullBacklog, startRawServer } from "../../sockets/testing/silent-servers.ts";
import { HttpTransport } from "./http-transport.ts";

let server: SilentServer;
afterEach(() => server.stop());

async function failureOfCommand(scheme: "http" | "https"): Promise<Failure> {
  const url = `${scheme}://127.0.0.1:${server.port}`;
  const transport = new HttpTransport({ url, authentication: { method: "none" }, requestTimeoutMs: 200 }, {});
  try {
    await transport.act({ method: "POST", path: "/jobs", body: "{}" });
    throw new Error("expected a failure");
  } catch (error) {
    return error as Failure;
  } finally {
    transport.close();
  }
}

test("a command for which no connection came about in time was not delivered", async () => {
  server = await startFullBacklog();
  expect(await failureOfCommand("http")).toMatchObject({
    code: "unreachable",
    details: { delivered: false },
  });
});

test.each([
  ["not answered", () => undefined],
  ["cut", (socket: { destroy(): void }) => socket.destroy()],
])("a command of which the handshake was %s was not delivered", async (_name, onData) => {
  server = await startRawServer(onData);
  expect(await failureOfCommand("https")).toMatchObject({
    code: "unreachable",
    details: { delivered: false },
  });
});

test("a command that was cut on a standing connection may have been delivered", async () => {
  server = await startRawServer((socket) => socket.destroy());
  expect((await failureOfCommand("http")).details?.delivered).toBeUndefined();
});
