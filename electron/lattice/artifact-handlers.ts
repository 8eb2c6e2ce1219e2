import {
  type Acknowledgement,
  type CommandExecution,
  Failure,
  type Handlers,
} from "../../shared/contract/index.ts";
import type { artifactOperations, Claim } from "../../shared/lattice/artifact-operations.ts";
import { type CommandParts, moment, type Place } from "./command-parts.ts";
import { describeRequest } from "./control-commands.ts";
import { type Registries, registriesRequest } from "./control-lattice-commands.ts";
import type { RegistriesResult, StringMap } from "./control-types.ts";
import { latticeCommand } from "./lattice-command.ts";
import type { LatticeSession } from "./lattice-session.ts";

/** Handlers of claims and of registry credentials. */
export function artifactHandlers(parts: CommandParts): Handlers<typeof artifactOperations> {
  return {
    "lattice.claims.list": async (scope) => {
      const reply = await parts.session(scope).client.getClaims();
      if (!reply.success) throw refused(reply.message);
      return {
        claims: reply.response.items.map(claimOf).sort(byName),
        unreadable: reply.response.skipped,
        note: "Unsigned artifacts have no claims, entries stay after their workloads stopped, and expiry and capabilities are not told.",
        readAt: moment(parts),
      };
    },
    "lattice.registries.put": async ({ registries, collect, ...scope }) =>
      put(parts, scope, { registries, collect }),
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
  wish: { registries: Registries; collect: boolean },
): CommandExecution {
  const known = parts.session(place);
  const names = Object.keys(wish.registries).sort().join(", ");
  return latticeCommand(parts, place, {
    target: { kind: "registry", id: names, label: names, lattice: known.client.lattice },
    request: describeRequest(registriesRequest(known.client.scope, wish.registries)),
    send: async (lattice) => {
      const result = await lattice.client.putRegistries(wish.registries, { collect: wish.collect });
      if (result.answers?.ended === "no-responders") throw nobodyThere(lattice);
      const live = lattice.hosts().filter(({ status }) => status === "live" || status === "stale");
      return registriesAnswer(result, live.length);
    },
  });
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
