import { asFailure, type CommandExecution, type Handlers } from "../../../shared/contract/index.ts";
import type { providerOperations } from "../../../shared/lattice/provider-operations.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import { conflict, timestamp } from "../../upstream/evidence.ts";
import {
  describeRequest,
  type StartProvider,
  startProviderRequest,
  stopProviderRequest,
} from "../client/control-commands.ts";
import type { LatticeSession } from "../session/lattice-session.ts";
import {
  acknowledged,
  type CommandParts,
  done,
  hostName,
  type Place,
  readBefore,
  refuseOddNewId,
} from "./command-parts.ts";
import { latticeCommand } from "./lattice-command.ts";
import {
  explainSilence,
  isBuiltin,
  type ProviderTarget,
  providerStartFinding,
  providerStopFinding,
  providerVerdict,
  unansweredBuiltinFinding,
} from "./provider-evidence.ts";

type ProviderOperations = Pick<
  typeof providerOperations,
  "lattice.providers.start" | "lattice.providers.stop"
>;

/** Handlers that start and stop providers. */
export function providerHandlers(parts: CommandParts): Handlers<ProviderOperations> {
  return {
    "lattice.providers.start": async (input, { reconciling = false }) => {
      const { connectionId, lattice, ...request } = input;
      const place = { connectionId, lattice };
      const known = parts.session(place);
      if (!reconciling) {
        refuseOddNewId("providerId", request.providerId, known.providers());
        await refuseRunning(known, request);
      }
      return start(parts, place, request);
    },
    "lattice.providers.stop": async ({ hostId, providerId, ...scope }) =>
      stop(parts, scope, { hostId, providerId }),
  };
}

function start(parts: CommandParts, place: Place, request: StartProvider): CommandExecution {
  const known = parts.session(place);
  let isUnanswered = false;
  const send = async (lattice: LatticeSession) => {
    try {
      return acknowledged(await lattice.client.startProvider(request));
    } catch (error) {
      const { friendlyName, version } = lattice.host(request.hostId) ?? {};
      isUnanswered = asFailure(error).code === "timeout" && isAtLeast(version, "1.8.0") !== false;
      const host = { hostName: friendlyName ?? request.hostId, version };
      throw explainSilence(asFailure(error), { imageReference: request.imageReference, ...host });
    }
  };
  return latticeCommand(parts, place, {
    target: targetOf(known, request),
    request: describeRequest(startProviderRequest(known.client.scope, request)),
    send,
    evidence: {
      waitMs: parts.waits.coldMs,
      find: (event) => providerStartFinding(request, event, timestamp(parts)),
      looks: isBuiltin(request.imageReference) && [
        {
          afterMs: parts.waits.lookMs,
          look: async (lattice) => {
            const { providers } = await lattice.hostInventory(request.hostId);
            const found = providers.find(({ id }) => id === request.providerId);
            return isUnanswered ? unansweredBuiltinFinding(found, timestamp(parts)) : undefined;
          },
        },
      ],
    },
    verify: (lattice) => verify(parts, lattice, { ...request, wanted: "runs" }),
  });
}

function stop(parts: CommandParts, place: Place, target: ProviderTarget): CommandExecution {
  const known = parts.session(place);
  return latticeCommand(parts, place, {
    target: targetOf(known, target),
    request: describeRequest(stopProviderRequest(known.client.scope, target)),
    send: async ({ client }) => done(await client.stopProvider(target)),
    evidence: {
      waitMs: parts.waits.warmMs,
      find: (event) => providerStopFinding(target, event, timestamp(parts)),
    },
    verify: (lattice) => verify(parts, lattice, { ...target, wanted: "stopped" }),
  });
}

async function verify(
  parts: CommandParts,
  lattice: LatticeSession,
  target: ProviderTarget & { wanted: "runs" | "stopped" },
) {
  const { providers } = await lattice.hostInventory(target.hostId);
  const found = providers.find(({ id }) => id === target.providerId);
  return providerVerdict(target.wanted, found, timestamp(parts));
}

function targetOf(
  lattice: LatticeSession,
  { hostId, providerId }: ProviderTarget,
): CommandExecution["target"] {
  const name = hostName(lattice, hostId);
  return {
    kind: "provider",
    id: providerId,
    label: `${providerId} on ${name}`,
    lattice: lattice.client.lattice,
    hostId,
    hostName: name,
  };
}

async function refuseRunning(lattice: LatticeSession, place: ProviderTarget): Promise<void> {
  const { providers, host } = await readBefore(() => lattice.hostInventory(place.hostId));
  const running = providers.find(({ id }) => id === place.providerId);
  if (!running) return;
  throw conflict(
    `A provider ${place.providerId} already runs on ${host.friendlyName}.`,
    "Stop it first, or use another id.",
    { running: { imageReference: running.imageReference } },
  );
}
