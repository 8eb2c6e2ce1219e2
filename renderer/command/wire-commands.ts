import type { LatticeTarget } from "../../shared/connections/schema.ts";
import type { WireRequest } from "../../shared/contract/index.ts";
import { maskedValue } from "../../shared/lattice/inputs.ts";
import { argumentsOf, isMistakable, type Option, optionWords } from "./options.ts";
import { type CopiedLine, command } from "./shells/command-line.ts";
import { type ControlPayload, washWords } from "./wash-words.ts";

/** One action as commands of three tools. */
export interface CopiedCommands {
  wash: readonly CopiedLine[];
  nats: readonly CopiedLine[];
  curl: readonly CopiedLine[];
}

/** The servers of a connection; undefined where it exists no more, and the tool's own context has to know them. */
export type Servers = Pick<LatticeTarget, "addresses" | "requestTimeoutMs"> | undefined;

/** The `nats` command that sends the same bytes to the same subject, and prints the reply, or all of an auction. */
export function natsCommandOf(request: WireRequest, servers: Servers): CopiedLine[] {
  const options: Option[] = [];
  if (servers?.addresses[0]) options.push(["--server", servers.addresses.join(",")]);
  if (servers) options.push(["--timeout", `${Math.ceil(servers.requestTimeoutMs / 1_000)}s`]);
  // Each host answers an auction for itself; 0 waits for as many as come (wasmcloud-control §1.7).
  if (/\.(?:component|provider)\.auction$/.test(request.address)) options.push(["--replies", "0"]);
  const payload = textOf(request.payload);
  // nats fills in what stands between double braces, which JSON has only within its strings.
  const body = payload === "" ? "" : { json: payload.replaceAll("{{", "{\\u007b") };
  return [
    ...secretNotes(payload),
    command("nats", "request", ...argumentsOf(options, [request.address]), body),
  ];
}

/** The `wash` command that makes the same request to a lattice, with what it cannot say in notes before it. */
export function washCommandOf(request: WireRequest, servers: Servers): CopiedLine[] {
  const verb = verbOf(request.address);
  const payload = payloadOf(request.payload);
  const spoken = verb && payload && washWords(verb, payload);
  if (!verb || !spoken) return [{ note: `wash has no command for ${request.address}` }];
  const { values, notes } = spoken;
  const options = [...spoken.options, ...serverFlags(servers), ["--lattice", verb.lattice] as const];
  // wash takes values before its options too, which reads better, but not those that begin with a dash.
  const words = values.some(isMistakable)
    ? argumentsOf(options, values)
    : [...values, ...options.flatMap(optionWords)];
  return [
    ...secretNotes(textOf(request.payload)),
    ...notes.map((note) => ({ note })),
    command("wash", ...spoken.verb.split(" "), ...words),
  ];
}

/** Noun, verb, lattice and id of `{prefix}.v1.{lattice}.{noun}.{verb}[.{id}]` (wasmcloud-control §1.1). */
function verbOf(address: string) {
  const match = /\.v1\.([^.]+)\.([a-z]+)\.([a-z]+)(?:\.([^.]+))?$/.exec(address);
  if (!match) return undefined;
  const [, lattice = "", noun = "", verb = "", id = ""] = match;
  return { lattice, name: `${noun}.${verb}`, id };
}

/** wash speaks plain NATS only, so a websocket address is left to the person's own context. */
function serverFlags(servers: Servers): Option[] {
  const plain = servers?.addresses
    .map((address) => /^(?:nats|tls):\/\/(.+):(\d+)$/.exec(address))
    .find(Boolean);
  if (!plain) return [];
  const [, host = "", port = ""] = plain;
  return [
    ["--ctl-host", host],
    ["--ctl-port", port],
  ];
}

/** The fields of a body; undefined where it is a text that has none. */
function payloadOf(payload: unknown): ControlPayload | undefined {
  try {
    const value: unknown = typeof payload === "string" && payload !== "" ? JSON.parse(payload) : payload;
    return typeof value === "object" && value !== null ? (value as ControlPayload) : {};
  } catch {
    return undefined;
  }
}

function textOf(payload: unknown): string {
  if (payload === undefined) return "";
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}

function secretNotes(payload: string): CopiedLine[] {
  return payload.includes(JSON.stringify(maskedValue))
    ? [{ note: "Secrets are not kept: fill them in." }]
    : [];
}
