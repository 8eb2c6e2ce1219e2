import {
  type Acknowledgement,
  type CommandExecution,
  Failure,
  type Handlers,
} from "../../../shared/contract/index.ts";
import type { artifactOperations, Claim } from "../../../shared/lattice/artifact-operations.ts";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import { conflict, timestamp } from "../../upstream/evidence.ts";
import { describeRequest } from "../client/control-commands.ts";
import { type Registries, registriesRequest } from "../client/control-lattice-commands.ts";
import type { RegistriesResult, StringMap } from "../client/control-types.ts";
import type { LatticeSession } from "../session/lattice-session.ts";
import type { CommandParts, Place } from "./command-parts.ts";
import { latticeCommand } from "./lattice-command.ts";

/** Handlers of claims and of registry credentials. */
export function artifactHandlers(parts: CommandParts): Handlers<typeof artifactOperations> {
  return {
    "lattice.claims.list": async (scope) => {
      const reply = await parts.session(scope).client.getClaims();
      if (!reply.success) throw refused(reply.message);
      return {
        claims: reply.response.items.map(claimOf).sort(byName),
        unreadable: reply.response.skipped,
        note: "Unsigned artifacts have no claims, entries stay after their workloads stopped, and expiry and capabilities are not reported.",
        readAt: timestamp(parts),
      };
    },
    "lattice.registries.put": async ({ registries, collect, ...scope }, { reconciling = false }) => {
      if (!reconciling) refuseUselessTokens(parts.session(scope), registries);
      return put(parts, scope, { registries, collect });
    },
  };
}

/** Reads one entry; the two kinds differ in one key each (wasmcloud-control §3.12). */
export function claimOf(map: StringMap): Claim {
  const text = (...keys: string[]): string => keys.map((key) => map[key]).find(Boolean) ?? "";
  const kind =
    map.config_schema !== undefined ? "provider" : map.call_alias !== undefined ? "component" : "unknown";
  return {
    kind,
    subject: text("subject", "sub"),
    issuer: text("issuer", "iss"),
    name: text("name"),
    revision: text("revision", "rev"),
    version: text("version"),
    ...(map.call_alias && { callAlias: map.call_alias }),
    tags: text("tags").split(",").filter(Boolean),
    ...(map.config_schema && { configSchema: map.config_schema }),
  };
}

/** Each host's answer to credentials, held against how many hosts there are. */
export function registriesAnswer(result: RegistriesResult, liveHosts: number): Acknowledgement {
  if (!result.answers)
    return { accepted: true, message: `${result.message} Hosts say nothing of it.`, reply: null };
  const accepted = result.answers.replies.length;
  const refusals = result.answers.refusals.map(({ message }) => message);
  const silent = Math.max(0, liveHosts - accepted - refusals.length);
  const reply = { accepted, refusals, silent };
  const message = `${accepted} of ${Math.max(liveHosts, accepted + refusals.length)} hosts accepted, ${refusals.length} refused, ${silent} did not answer.`;
  if (accepted === 0 && refusals.length > 0) return { accepted: false, message, reply };
  return { accepted: true, message, reply, ...(silent + refusals.length === 0 && { done: true }) };
}

function put(
  parts: CommandParts,
  place: Place,
  params: { registries: Registries; collect: boolean },
): CommandExecution {
  const known = parts.session(place);
  const names = Object.keys(params.registries).sort().join(", ");
  return latticeCommand(parts, place, {
    target: { kind: "registry", id: names, label: names, lattice: known.client.lattice },
    request: describeRequest(registriesRequest(known.client.scope, params.registries)),
    send: async (lattice) => {
      const result = await lattice.client.putRegistries(params.registries, { collect: params.collect });
      if (result.answers?.ended === "no-responders") throw nobodyThere(lattice);
      const live = liveHosts(lattice);
      const tokens = live.some(pullsWithoutToken) ? tokensAlone(params.registries) : [];
      return withUnusedTokens(registriesAnswer(result, live.length), tokens);
    },
  });
}

function liveHosts(lattice: LatticeSession): HostRow[] {
  return lattice.hosts().filter(({ status }) => status === "live" || status === "stale");
}

/** Such hosts keep a token that stands alone, and pull without it (wasmcloud-control §2.19). */
function pullsWithoutToken({ version }: HostRow): boolean {
  return isAtLeast(version, "1.9.0") !== false;
}

function tokensAlone(registries: Registries): string[] {
  return Object.keys(registries)
    .filter((name) => registries[name]?.token !== undefined && registries[name]?.username === undefined)
    .sort();
}

/** What no host would use is not sent; where older ones may, it is said afterwards. */
function refuseUselessTokens(lattice: LatticeSession, registries: Registries): void {
  const tokens = tokensAlone(registries);
  const live = liveHosts(lattice);
  if (tokens.length === 0 || live.length === 0) return;
  if (!live.every(({ version }) => isAtLeast(version, "1.9.0") === true)) return;
  throw conflict(
    `The hosts here keep a token that stands alone and pull without it: ${tokens.join(", ")}.`,
    "Give a user name, with the token as the password.",
  );
}

/** An acceptance proves nothing of a token that is not used. */
function withUnusedTokens(answer: Acknowledgement, tokens: readonly string[]): Acknowledgement {
  if (tokens.length === 0 || !answer.accepted) return answer;
  const warning = `Hosts from 1.9.0 on pull from ${tokens.join(", ")} without the token: give a user name, with the token as the password.`;
  return { ...answer, done: false, message: `${answer.message} ${warning}` };
}

function nobodyThere({ client }: LatticeSession): Failure {
  return new Failure({
    code: "unreachable",
    message: `No host at all answers in lattice ${client.lattice}.`,
    details: { delivered: false },
  });
}

function refused(message: string): Failure {
  return new Failure({
    code: "upstream_refused",
    message: `The claims were refused: ${message || "no reason given"}`,
    upstream: message,
  });
}

function byName(a: Claim, b: Claim): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.subject < b.subject ? -1 : 1;
}
