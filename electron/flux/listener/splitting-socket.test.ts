import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { SplittingSocket } from "./splitting-socket.ts";

let server: Server;
let websockets: WebSocketServer;
let peer: WebSocket;
let socket: WebSocket;

beforeEach(async () => {
  server = createServer().listen(0, "127.0.0.1");
  websockets = new WebSocketServer({ noServer: true, maxPayload: 1_048_576, skipUTF8Validation: true });
  server.on("upgrade", (request, _socket, head) => {
    const pieces = new SplittingSocket(request.socket, head);
    websockets.handleUpgrade(request, pieces, Buffer.alloc(0), (websocket) =>
      websockets.emit("connection", websocket),
    );
  });
  await once(server, "listening");
  peer = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  [[socket]] = (await Promise.all([once(websockets, "connection"), once(peer, "open")])) as [[WebSocket], []];
});
afterEach(() => {
  peer.terminate();
  server.close();
});

const lastPing = "all is sent";

/** What has come once the peer's last ping has, which comes after whatever was sent before it. */
async function received(send: () => void) {
  const binary: Buffer[] = [];
  const text: Buffer[] = [];
  const keep = (data: Buffer, isBinary: boolean) => (isBinary ? binary : text).push(data);
  socket.on("message", keep);
  const end = new Promise<void>((resolve) => {
    socket.on("ping", (data) => String(data) === lastPing && resolve());
  });
  send();
  peer.ping(lastPing);
  await end;
  socket.removeAllListeners("message").removeAllListeners("ping");
  return { binary, text };
}

interface Message {
  isBinary: boolean;
  frames: number[];
}

/** Sends it in frames of these sizes, with a ping after every other one; gives its bytes. */
function sendInFrames({ isBinary, frames }: Message, seed: number): Buffer[] {
  return frames.map((size, index) => {
    const bytes = Buffer.alloc(size, pattern.subarray(seed));
    peer.send(bytes, { binary: isBinary, fin: index === frames.length - 1 });
    if (index % 2 === 0) peer.ping();
    return bytes;
  });
}

const pattern = Buffer.from(Array.from({ length: 521 }, (_, at) => (at * 31) % 256));

test("whatever the frames of messages are, their bytes come whole and in order, in pieces", async () => {
  const sizes = fc.oneof(fc.constantFrom(0, 1, 3, 125, 126, 65_535, 65_536), fc.nat(200_000));
  const message = fc.record({
    isBinary: fc.boolean(),
    frames: fc.array(sizes, { minLength: 1, maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 4 }),
      fc.nat(255),
      async (messages, seed) => {
        const sent: { isBinary: boolean; bytes: Buffer }[] = [];
        const { binary, text } = await received(() => {
          for (const each of messages)
            for (const bytes of sendInFrames(each, seed)) sent.push({ isBinary: each.isBinary, bytes });
        });
        const whole = (isBinary: boolean) =>
          Buffer.concat(sent.filter((each) => each.isBinary === isBinary).map(({ bytes }) => bytes));
        expect(Buffer.concat(binary).equals(whole(true))).toBe(true);
        expect(Buffer.concat(text).equals(whole(false))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test("of a message of 20 MB in one frame, no piece is larger than what came at once", async () => {
  const { binary } = await received(() => peer.send(Buffer.alloc(20_000_000, "x")));
  expect(binary.reduce((sum, { length }) => sum + length, 0)).toBe(20_000_000);
  expect(Math.max(...binary.map(({ length }) => length))).toBeLessThan(1_048_576);
});

test("a text comes as one, and what is sent back and the end go through", async () => {
  const { text } = await received(() => peer.send("déjà vu"));
  expect(Buffer.concat(text).toString()).toBe("déjà vu");
  const answer = once(peer, "message");
  socket.send(Buffer.from("back"));
  expect(String((await answer)[0])).toBe("back");
  const ends = Promise.all([once(socket, "close"), once(peer, "close")]);
  peer.close(1000, "ok");
  expect((await ends).map(([code]) => code)).toEqual([1000, 1000]);
});

test("a connection that breaks is noticed", async () => {
  const end = once(socket, "close");
  peer.terminate();
  expect((await end)[0]).toBe(1006);
});
