import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { damagedBytes } from "../../../recordings/fuzz.ts";
import type { HttpExchange } from "../../../recordings/recordings.ts";
import { hostileVersion, jsonText, numbersFrom } from "../../../shared/testing/hostile-json.ts";

/** What a server, or something on the way to it, sends in the place of an answer. */
export interface HostileAnswer {
  status: number;
  /** What the client can know of the body: all that was announced arrived. */
  body: string;
  complete: boolean;
  bytes: Buffer;
  /** What becomes of the connection afterwards. */
  ending: "keep" | "close" | "reset" | "hang";
}

/** A request that reached the server; `slot` is the first part of its path, by which tests tell clients apart. */
export interface HostileRequest {
  slot: string;
  method: string;
  path: string;
}

const hangMs = 20;
const statuses = [200, 200, 200, 201, 204, 302, 304, 400, 401, 404, 409, 418, 429, 500, 502, 503, 504, 599];
const types = [
  "text/html",
  "application/json; charset=utf-16",
  "application/octet-stream",
  "x\u00fcx",
  undefined,
];
const oddBodies = [
  "null",
  "[]",
  '""',
  "0",
  "18446744073709551616",
  "1e999",
  '{"executions":null,"next_cursor":1}',
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  `[${"{},".repeat(20_000)}{}]`,
  "<html><body>504 Gateway Time-out</body></html>",
  "\ufeff{}",
];

/** The recorded answer of an exchange as text. */
function recordedText({ body, headers }: Pick<HttpExchange, "body" | "headers">): string {
  if (body === null) return "";
  return typeof body === "string" && !headers["content-type"]?.includes("json") ? body : JSON.stringify(body);
}

/** A hostile version of a recorded answer: its body, its status, its type, or the way in which it comes. */
export function hostileAnswer(
  exchange: Pick<HttpExchange, "status" | "body" | "headers">,
  seed: number,
): HostileAnswer {
  const upTo = numbersFrom(seed);
  const payload = hostileBody(exchange, seed, upTo);
  const status = upTo(4) === 0 ? (statuses[upTo(statuses.length)] as number) : exchange.status;
  const own = exchange.headers["content-type"];
  const type = upTo(4) === 0 ? types[upTo(types.length)] : own;
  const head = `HTTP/1.1 ${status} Said\r\n${type === undefined ? "" : `content-type: ${type}\r\n`}`;
  const whole = { status, body: payload.toString("utf8"), complete: true };
  const part = payload.subarray(0, upTo(payload.length + 1));
  const framing = upTo(14);
  const sized = (length: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${head}content-length: ${length}\r\n\r\n`, "latin1"), bytes]);
  // A chunk of nothing would be the last one.
  const chunk = (bytes: Buffer): Buffer =>
    bytes.length === 0
      ? bytes
      : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
  const chunked = Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n`, "latin1");
  // These have no body, whatever is announced.
  if ([204, 304].includes(status))
    return { status, body: "", complete: true, bytes: sized(upTo(9), payload), ending: "close" };
  switch (framing) {
    case 0:
      return {
        ...whole,
        complete: false,
        bytes: sized(payload.length + 1 + upTo(5_000), payload),
        ending: "hang",
      };
    case 1:
      return { ...whole, complete: false, bytes: sized(payload.length + 10, payload), ending: "close" };
    case 2:
      return { ...whole, complete: false, bytes: Buffer.concat([chunked, chunk(payload)]), ending: "close" };
    case 3:
      return {
        ...whole,
        complete: false,
        bytes: Buffer.concat([chunked, chunk(payload), Buffer.from("zz\r\n")]),
        ending: "keep",
      };
    case 4:
      return { ...whole, complete: false, bytes: Buffer.alloc(0), ending: upTo(2) === 0 ? "reset" : "close" };
    case 5:
      return {
        ...whole,
        complete: false,
        bytes: brokenHead(upTo, sized(payload.length, payload)),
        ending: "close",
      };
    case 6:
      return { ...whole, body: part.toString("utf8"), bytes: sized(part.length, payload), ending: "close" };
    case 7:
      return {
        ...whole,
        bytes: Buffer.concat([chunked, chunk(payload), Buffer.from("0\r\n\r\n")]),
        ending: "keep",
      };
    default:
      return { ...whole, bytes: sized(payload.length, payload), ending: "keep" };
  }
}

/** Heads that are none, or that contradict themselves. */
function brokenHead(upTo: (end: number) => number, whole: Buffer): Buffer {
  const heads = [
    whole.subarray(0, upTo(whole.indexOf("\r\n\r\n"))),
    Buffer.from("HTTP/1.1 abc OK\r\n\r\n"),
    Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
    Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}"),
    Buffer.from("HTTP/1.1 200 OK\r\na\u0000b: c\r\n\r\n{}"),
    Buffer.from("SSH-2.0-OpenSSH_9.2\r\n"),
    Buffer.from(`HTTP/1.1 200 OK\r\nlong: ${"x".repeat(100_000)}\r\n\r\n{}`),
    Buffer.from("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
    Buffer.from("HTTP/1.1 100 Continue\r\n\r\n".repeat(50)),
  ];
  return heads[upTo(heads.length)] as Buffer;
}

function hostileBody(
  exchange: Pick<HttpExchange, "body" | "headers">,
  seed: number,
  upTo: (end: number) => number,
): Buffer {
  const kind = upTo(10);
  if (kind < 5) return Buffer.from(jsonText(hostileVersion(exchange.body, seed)));
  if (kind < 7) return damagedBytes(Buffer.from(recordedText(exchange)), seed >>> 1);
  if (kind === 7) return Buffer.from(oddBodies[upTo(oddBodies.length)] as string);
  if (kind === 8) return Buffer.from(recordedText(exchange).replace(/\d+/, "99999999999999999999999"));
  return Buffer.from(recordedText(exchange));
}

/** A real server that answers each request as it is told at that moment. */
export async function hostileServer(answer: (request: HostileRequest) => HostileAnswer) {
  const server = createServer((request) => {
    const { socket } = request;
    socket.setMaxListeners(0);
    request.resume().on("end", () => {
      const [, slot = "", ...path] = decodeURIComponent(request.url ?? "").split("/");
      const given = answer({ slot, method: request.method ?? "", path: `/${path.join("/")}` });
      send(socket, given);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(socket: Socket, { bytes, ending }: HostileAnswer): void {
  socket.on("error", () => undefined);
  if (ending === "reset" && bytes.length === 0) socket.resetAndDestroy();
  else if (ending === "keep") socket.write(bytes);
  else if (ending === "hang") socket.write(bytes, () => setTimeout(() => socket.destroy(), hangMs).unref());
  else socket.end(bytes);
}
