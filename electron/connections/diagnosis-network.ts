import { lookup } from "node:dns/promises";
import { createConnection, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { LatticeTarget } from "../../shared/connections/schema.ts";
import { Failure, ownValue, parseBoundedJson } from "../../shared/contract/index.ts";
import { allowedLookup, requireAllowedHost } from "../upstream/addresses.ts";
import { withoutSecrets } from "../upstream/hidden-texts.ts";
import { isLoopback } from "../upstream/loopback.ts";
import type { StepResult } from "./diagnosis-steps.ts";
import { readCertificates } from "./files.ts";
import { natsFailure } from "./nats-failure.ts";
import { asksForTls } from "./nats-options.ts";

const connectMs = 5_000;
const greetingMs = 2_500;
const probeMs = 1_500;

/** One address taken apart. */
export interface Endpoint {
  address: string;
  scheme: string;
  host: string;
  port: number;
}

/** A TCP connection with what the server said first; `info` is the server's own description. */
export interface Contact {
  endpoint: Endpoint;
  socket: Socket;
  info?: { tls_required?: boolean; tls_available?: boolean; tls_verify?: boolean };
}

const defaultPorts: Record<string, number> = { ws: 80, wss: 443 };

/** Takes `scheme://host:port` apart. */
function parseEndpoint(address: string): Endpoint {
  const [scheme = "nats", rest = ""] = address.split("://");
  const match = /^(.*?)(?::(\d+))?$/.exec(rest);
  const host = (match?.[1] ?? rest).replace(/^\[|\]$/g, "");
  return { address, scheme, host, port: Number(match?.[2] ?? ownValue(defaultPorts, scheme) ?? 4222) };
}

/** Resolves the host name of each address; fails when none can be. */
export async function resolveAddresses(addresses: readonly string[]): Promise<StepResult<Endpoint[]>> {
  const endpoints = addresses.map(parseEndpoint);
  const results = await Promise.allSettled(endpoints.map(({ host }) => lookup(host, { all: true })));
  const known = endpoints.filter((_, index) => results[index]?.status === "fulfilled");
  const first = results.find((result) => result.status === "rejected");
  if (first && known.length === 0) throw natsFailure(first.reason, { addresses });
  const lines = endpoints.map(({ host }, index) => {
    const result = results[index];
    if (isIP(host)) return `${host} is an IP address`;
    if (result?.status !== "fulfilled") return `${host} cannot be resolved`;
    return `${host} is ${result.value.map((found) => found.address).join(", ")}`;
  });
  const outcome = known.length < endpoints.length ? "warning" : "passed";
  return { outcome, message: `${lines.join("; ")}.`, value: known };
}

function dial({ host, port }: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    requireAllowedHost(host);
    const socket = createConnection({ host, port, autoSelectFamily: true, lookup: allowedLookup });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () => fail(Object.assign(new Error("connect"), { code: "ETIMEDOUT" })),
      connectMs,
    );
    socket.once("error", (error) => {
      clearTimeout(timer);
      fail(error);
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
}

/** The first bytes that arrive, as Latin-1; undefined after the time, "" when the other side hangs up. */
function firstBytes(socket: Socket, waitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const finish = (text: string | undefined): void => {
      clearTimeout(timer);
      socket.off("data", onData).off("close", onEnd).off("end", onEnd);
      socket.pause();
      resolve(text);
    };
    let text = "";
    const onData = (data: Buffer): void => {
      text += data.toString("latin1");
      // A long INFO comes in several packets; its line ends it.
      if (text.includes("\n") || text.length > 65_536) finish(text);
    };
    const onEnd = (): void => finish(text);
    const timer = setTimeout(() => finish(text === "" ? undefined : text), waitMs);
    socket.on("data", onData).on("close", onEnd).on("end", onEnd);
    socket.resume();
  });
}

function notNats(endpoint: Endpoint, what: string, hint: string): Failure {
  return new Failure({
    code: "upstream_invalid",
    message: `${endpoint.address} is not a NATS server: ${what}.`,
    details: { cause: "not-nats", address: endpoint.address },
    hint,
  });
}

/** Finds out what a listener is that says nothing: it is asked something that HTTP and TLS servers both answer. */
async function explainSilence({ endpoint, socket }: Contact): Promise<Failure> {
  socket.write("HEAD / HTTP/1.0\r\n\r\n");
  const answer = await firstBytes(socket, probeMs);
  if (answer?.startsWith("HTTP/")) {
    return notNats(
      endpoint,
      "it answers as an HTTP server",
      "Use the NATS client port (usually 4222). If this is the websocket port, write ws:// instead of nats://.",
    );
  }
  if (answer?.charCodeAt(0) === 0x15) {
    return notNats(
      endpoint,
      "it expects TLS before anything else",
      "If it is a NATS server with handshake-first, switch that on in the TLS settings.",
    );
  }
  return new Failure({
    code: "timeout",
    message: `${endpoint.address} accepts connections but says nothing; a NATS server greets at once.`,
    details: { cause: "timeout", address: endpoint.address },
    hint: "Check the port, and that the tunnel or proxy in between still has a server behind it. A server with handshake-first needs that setting.",
  });
}

async function readGreeting(contact: Contact): Promise<Contact> {
  const { endpoint, socket } = contact;
  const greeting = await firstBytes(socket, greetingMs);
  if (greeting === undefined) throw await explainSilence(contact);
  if (greeting === "") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  const refusal = /-ERR '([^']*)'/.exec(greeting)?.[1];
  if (refusal) throw new Error(refusal);
  const info = /^INFO (\{.*\})/.exec(greeting)?.[1];
  if (!info) {
    const shown = withoutSecrets(greeting.split(/[\r\n]/)[0] ?? "")
      .replace(/[^\x20-\x7e]/g, "?")
      .slice(0, 60);
    throw notNats(endpoint, `it greets with "${shown}"`, "Check host and port of the address.");
  }
  return { ...contact, info: parseBoundedJson(info) as Contact["info"] };
}

function speaksFirst({ scheme }: Endpoint, target: LatticeTarget): boolean {
  return !scheme.startsWith("ws") && !target.tls.handshakeFirst;
}

async function contact(endpoint: Endpoint, target: LatticeTarget): Promise<Contact> {
  const socket = await dial(endpoint);
  try {
    return speaksFirst(endpoint, target) ? await readGreeting({ endpoint, socket }) : { endpoint, socket };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Connects to the first endpoint that works and reads its greeting; the caller ends the socket. */
export async function connectTo(
  endpoints: readonly Endpoint[],
  target: LatticeTarget,
): Promise<StepResult<Contact>> {
  const troubles: Failure[] = [];
  for (const endpoint of endpoints) {
    try {
      const value = await contact(endpoint, target);
      const said = [`${endpoint.host}:${value.socket.remotePort} accepts connections.`];
      const message = [...said, ...troubles.map((trouble) => trouble.message)].join(" ");
      return { outcome: troubles.length > 0 ? "warning" : "passed", message, value };
    } catch (error) {
      troubles.push(natsFailure(error, { addresses: [endpoint.address] }));
    }
  }
  throw troubles[0] ?? new Failure({ code: "unreachable", message: "There is no address to connect to." });
}

function handshake({ endpoint, socket }: Contact, files: LatticeTarget["tls"]): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({
      socket,
      host: endpoint.host,
      servername: isIP(endpoint.host) ? "" : endpoint.host,
      ...readCertificates(files),
    });
    const timer = setTimeout(
      () => secure.destroy(Object.assign(new Error("TLS"), { code: "ETIMEDOUT" })),
      connectMs,
    );
    secure.once("error", reject);
    secure.once("close", () => {
      clearTimeout(timer);
      reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    });
    secure.once("secureConnect", () => {
      clearTimeout(timer);
      secure.off("error", reject).on("error", () => undefined);
      resolve(secure);
    });
  });
}

/** Encrypts as the real connection would, and tells what the certificate says. */
export async function encrypt(made: Contact, target: LatticeTarget): Promise<StepResult<undefined>> {
  const { endpoint, info } = made;
  const wanted = endpoint.scheme === "wss" || (!endpoint.scheme.startsWith("ws") && asksForTls(target));
  const offered = info ? Boolean(info.tls_required || info.tls_available) : wanted;
  if (!wanted && !offered) {
    const message = "The server offers no TLS; nothing is encrypted.";
    return { outcome: isLoopback(endpoint.host) ? "skipped" : "warning", message, value: undefined };
  }
  if (!offered) throw Object.assign(new Error("tls"), { code: "SERVER_OPT_NA" });
  if (info?.tls_verify && !target.tls.certificateFile) {
    throw Object.assign(new Error("certificate required"), {
      code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    });
  }
  const secure = await handshake(made, target.tls);
  const { subject, valid_to: until } = secure.getPeerCertificate();
  const message = `${secure.getProtocol()} with the certificate of ${subject?.CN ?? endpoint.host}, valid until ${until}.`;
  secure.destroy();
  return { message, value: undefined };
}
