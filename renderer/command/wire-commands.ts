import type { LatticeTarget } from "../../shared/connections/schema.ts";
import type { WireRequest } from "../../shared/contract/index.ts";
import { maskedValue } from "../../shared/lattice/inputs.ts";
import { shellLine, shellNote } from "../client/shell-words.ts";
import { type ControlPayload, washWords } from "./wash-words.ts";

/** One action as commands of three tools. */
export interface CopiedCommands {
  wash: string;
  nats: string;
  curl: string;
}

/** The servers of a connection; undefined where it exists no more, and the tool's own context has to know them. */
export type Servers = Pick<LatticeTarget, "addresses" | "requestTimeoutMs"> | undefined;

/** The `nats` command that sends the same bytes to the same subject, and prints the reply, or all of an auction. */
export function natsCommandOf(request: WireRequest, servers: Servers): string {
  const server = servers?.addresses[0] ? ["--server", servers.addresses.join(",")] : [];
  const timeout = servers ? ["--timeout", `${Math.ceil(servers.requestTimeoutMs / 1_000)}s`] : [];
  // Each host answers an auction for itself; 0 waits for as many as come (wasmcloud-control §1.7).
  const replies = /\.(?:component|provider)\.auction$/.test(request.address) ? ["--replies", "0"] : [];
  const payload = textOf(request.payload);
  const words = ["nats", "request", ...server, ...timeout, ...replies, request.address, payload];
  return secretNote(payload) + shellLine(words);
}

/** The `wash` command that makes the same request to a lattice, with what it cannot say in comments before it. */
export function washCommandOf(request: WireRequest, servers: Servers): string {
  const verb = verbOf(request.address);
  const spoken = verb && washWords(verb, payloadOf(request.payload));
  if (!verb || !spoken) return shellNote(`wash has no command for ${request.address}`).trimEnd();
  const notes = spoken.notes.map(shellNote).join("");
  const words = ["wash", ...spoken.words, ...serverFlags(servers), "--lattice", verb.lattice];
  return `${secretNote(textOf(request.payload))}${notes}${shellLine(words)}`;
}

/** Noun, verb, lattice and id of `{prefix}.v1.{lattice}.{noun}.{verb}[.{id}]` (wasmcloud-control §1.1). */
function verbOf(address: string) {
  const match = /\.v1\.([^.]+)\.([a-z]+)\.([a-z]+)(?:\.([^.]+))?$/.exec(address);
  if (!match) return undefined;
  const [, lattice = "", noun = "", verb = "", id = ""] = match;
  return { lattice, name: `${noun}.${verb}`, id };
}

/** wash speaks plain NATS only, so a websocket address is left to the person's own context. */
function serverFlags(servers: Servers): string[] {
  const plain = servers?.addresses
    .map((address) => /^(?:nats|tls):\/\/(.+):(\d+)$/.exec(address))
    .find(Boolean);
  return plain ? ["--ctl-host", plain[1] as string, "--ctl-port", plain[2] as string] : [];
}

function payloadOf(payload: unknown): ControlPayload {
  const value: unknown = typeof payload === "string" && payload !== "" ? JSON.parse(payload) : payload;
  return typeof value === "object" && value !== null ? (value as ControlPayload) : {};
}

function textOf(payload: unknown): string {
  if (payload === undefined) return "";
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}

function secretNote(payload: string): string {
  return payload.includes(JSON.stringify(maskedValue))
    ? shellNote("Secrets are not kept: fill them in.")
    : "";
}
