import { asFailure, type CommandExecution, Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { ConfigUsage, configOperations } from "../../../shared/lattice/config-operations.ts";
import { isSecretName, maskedValue } from "../../../shared/lattice/inputs.ts";
import { conflict, timestamp } from "../../upstream/evidence.ts";
import { readConfigNames } from "../client/config-bucket.ts";
import { describeRequest } from "../client/control-commands.ts";
import { deleteConfigRequest, putConfigRequest } from "../client/control-lattice-commands.ts";
import type { LatticeSession } from "../session/lattice-session.ts";
import { type CommandParts, done, hostName, type Place, readBefore } from "./command-parts.ts";
import * as plan from "./config-plan.ts";
import { type LatticeCommand, latticeCommand } from "./lattice-command.ts";

const firstReadingMs = 3_000;

/** Handlers of the named configs. */
export function configHandlers(parts: CommandParts): Handlers<typeof configOperations> {
  return {
    "lattice.configs.list": (scope) => list(parts, scope),
    "lattice.configs.get": async ({ name, ...scope }) => {
      const values = await readConfig(parts.session(scope), name);
      if (!values) throw new Failure({ code: "not_found", message: `There is no config named ${name}.` });
      const shown = plan.shownValues(name, values);
      return { name, secret: isSecretName(name), values: shown, readAt: timestamp(parts) };
    },
    "lattice.configs.usage": ({ name, ...scope }) => usageOf(parts, scope, name),
    "lattice.configs.preview-put": async ({ name, values, ...scope }) => {
      const stored = await readConfig(parts.session(scope), name);
      return plan.planConfig({ name, values }, stored, usageOf(parts, scope, name));
    },
    "lattice.configs.put": async ({ name, values, basis, ...scope }, { reconciling = false }) => {
      if (basis !== undefined && !reconciling) await refuseChanged(parts.session(scope), name, basis);
      const isMasked = (key: string) => reconciling && values[key] === maskedValue;
      return put(parts, scope, { name, values, notKept: Object.keys(values).filter(isMasked) });
    },
    "lattice.configs.delete": async ({ name, ...scope }) => remove(parts, scope, name),
  };
}

function put(
  parts: CommandParts,
  place: Place,
  config: { name: string; values: Record<string, string>; notKept: readonly string[] },
): CommandExecution {
  const { name, values, notKept } = config;
  const known = parts.session(place);
  return latticeCommand(parts, place, {
    target: targetOf(known, name),
    request: describeRequest(putConfigRequest(known.client.scope, { name, values })),
    send: async ({ client }) => done(await client.putConfig(name, values)),
    evidence: evidenceOf(parts, { type: "config_set", name }),
    verify: async (lattice) => {
      const stored = await readConfig(lattice, name);
      return plan.configPutVerdict({ values, notKept }, stored, timestamp(parts));
    },
  });
}

function remove(parts: CommandParts, place: Place, name: string): CommandExecution {
  const known = parts.session(place);
  return latticeCommand(parts, place, {
    target: targetOf(known, name),
    request: describeRequest(deleteConfigRequest(known.client.scope, { name })),
    send: async ({ client }) => done(await client.deleteConfig(name)),
    evidence: evidenceOf(parts, { type: "config_deleted", name }),
    verify: async (lattice) => plan.configDeleteVerdict(await readConfig(lattice, name), timestamp(parts)),
  });
}

/** A comparison that no longer holds is not carried out. */
async function refuseChanged(lattice: LatticeSession, name: string, basis: string): Promise<void> {
  const stored = await readBefore(() => readConfig(lattice, name));
  if (plan.configBasis(stored) === basis) return;
  throw conflict(
    `The config ${name} was changed elsewhere since it was compared.`,
    "Nothing was sent. Compare again with what is stored now.",
  );
}

function evidenceOf(
  parts: CommandParts,
  expected: { type: "config_set" | "config_deleted"; name: string },
): LatticeCommand["evidence"] {
  return {
    waitMs: parts.waits.warmMs,
    find: (event) => plan.configFinding(expected.type, expected.name, { event, at: timestamp(parts) }),
  };
}

function targetOf(lattice: LatticeSession, name: string): CommandExecution["target"] {
  return { kind: "config", id: name, label: name, lattice: lattice.client.lattice };
}

/** Reads a config from the bucket by way of a host; undefined where there is none. */
async function readConfig(
  lattice: LatticeSession,
  name: string,
): Promise<Record<string, string> | undefined> {
  const reply = await lattice.client.getConfig(name);
  if (reply.success) return reply.response;
  throw new Failure({
    code: "upstream_refused",
    message: `The config was refused: ${reply.message || "no reason given"}`,
    upstream: reply.message,
  });
}

function usageOf(parts: CommandParts, scope: Place, name: string): ConfigUsage {
  const lattice = parts.session(scope);
  const place = { connectionId: scope.connectionId, lattice: lattice.client.lattice };
  return plan.configUsage(name, {
    links: lattice.links(),
    linksReadAt: lattice.row().linksReadAt,
    openLinks: parts.history.openLinks(place),
    uses: parts.history.usersOf({ ...place, name }),
    place: ({ hostId, kind, id }) => {
      const rows = kind === "component" ? lattice.components() : lattice.providers();
      const running = rows.some((row) => row.hostId === hostId && row.id === id);
      return { hostName: hostName(lattice, hostId), running };
    },
  });
}

async function list(parts: CommandParts, scope: Place) {
  const lattice = parts.session(scope);
  const { nats, timeoutMs } = lattice.client;
  const read = (domain: string | undefined): Promise<string[]> =>
    readConfigNames(nats, { lattice: lattice.client.lattice, domain, timeoutMs });
  const own = parts.jetStreamDomain(scope.connectionId);
  const readAt = timestamp(parts);
  try {
    const domain = own ?? lattice.jetStreamDomain();
    const names = await read(domain).catch(async (error: unknown) => {
      if (own !== undefined) throw error;
      // The bucket may be in the domain of hosts that have not told it so far.
      await lattice.pingHosts();
      const learned = lattice.jetStreamDomain();
      if (learned === domain) throw error;
      return read(learned);
    });
    return { configs: names.map(described), complete: true, source: "bucket" as const, readAt };
  } catch (error) {
    // A lattice that has just begun to be followed does not know its links yet.
    await lattice.settled(firstReadingMs);
    const names = knownNames(parts, scope, lattice);
    const problem = asFailure(error).toData();
    return { configs: names.map(described), complete: false, source: "known" as const, problem, readAt };
  }
}

/** The names that links, our own commands and events give away. */
function knownNames(parts: CommandParts, { connectionId }: Place, lattice: LatticeSession): string[] {
  const linked = lattice
    .links()
    .flatMap(({ sourceConfig, targetConfig }) => [...sourceConfig, ...targetConfig]);
  const known = parts.history.names({ connectionId, lattice: lattice.client.lattice });
  return [...new Set([...linked, ...known])].sort();
}

function described(name: string): { name: string; secret: boolean } {
  return { name, secret: isSecretName(name) };
}
