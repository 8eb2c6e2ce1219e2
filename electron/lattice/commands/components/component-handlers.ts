import type { CommandExecution, Handlers } from "../../../../shared/contract/index.ts";
import type { componentOperations } from "../../../../shared/lattice/component-operations.ts";
import type { ComponentRow } from "../../../../shared/lattice/schema.ts";
import { conflict } from "../../../upstream/evidence.ts";
import {
  type ScaleComponent,
  scaleRequest,
  type UpdateComponent,
  updateRequest,
} from "../../client/control-commands.ts";
import type { LatticeSession } from "../../session/lattice-session.ts";
import {
  acknowledged,
  type CommandParts,
  done,
  type Place,
  readBefore,
  refuseOddNewId,
} from "../command-parts.ts";
import { componentExecution } from "./component-execution.ts";
import { isSilentVersion } from "./component-facts.ts";
import { componentVerdict } from "./component-verdict.ts";
import { scaleFinding } from "./scale-evidence.ts";
import { updateFinding, updateVerdict } from "./update-evidence.ts";
import { planUpdate, type UpdateParams } from "./update-plan.ts";

type ComponentOperations = Pick<
  typeof componentOperations,
  | "lattice.components.start"
  | "lattice.components.preview-update"
  | "lattice.components.update"
  | "lattice.components.updated"
>;

/** Handlers that start a component and give a running one another image. */
export function componentHandlers(parts: CommandParts): Handlers<ComponentOperations> {
  return {
    "lattice.components.start": async (input, { reconciling = false }) => {
      const { connectionId, lattice, ...request } = input;
      const place = { connectionId, lattice };
      const known = parts.session(place);
      if (!reconciling) {
        refuseOddNewId("componentId", request.componentId, known.components());
        await refuseRunning(known, request);
      }
      return start(parts, place, request);
    },
    "lattice.components.updated": async (scope) => {
      const { connectionId } = scope;
      await parts.updates.recall(connectionId);
      const lattice = parts.session(scope);
      return lattice.components().flatMap(({ hostId, hostName, id }) => {
        const place = { connectionId, lattice: lattice.client.lattice, hostId, id };
        const update = parts.updates.known(place, lattice.host(hostId));
        if (!update) return [];
        return [{ hostId, hostName, componentId: id, updatedAt: update.at, updateOrigin: update.origin }];
      });
    },
    "lattice.components.preview-update": async (input) => {
      const lattice = parts.session(input);
      const running = await runningNow(lattice, input);
      const { friendlyName = input.hostId, version } = lattice.host(input.hostId) ?? {};
      return planUpdate(input, { hostName: friendlyName, hostVersion: version, running });
    },
    "lattice.components.update": async (input, { reconciling = false }) => {
      if (reconciling) return update(parts, input, input);
      const running = await runningNow(parts.session(input), input);
      const ranAlready = running.imageReference === input.imageReference;
      return update(parts, input, {
        ...input,
        annotations: input.annotations ?? running.annotations,
        ranAlready,
      });
    },
  };
}

function start(
  parts: CommandParts,
  place: Place,
  request: ScaleComponent & { config: string[]; maxInstances: number },
): CommandExecution {
  return componentExecution(parts, place, {
    hostId: request.hostId,
    componentId: request.componentId,
    wire: scaleRequest(parts.session(place).client.scope, request),
    send: async ({ client }) => acknowledged(await client.scaleComponent(request)),
    waitMs: parts.waits.coldMs,
    isSilent: isSilentVersion(parts.session(place).host(request.hostId)?.version),
    finding: (event, at) => scaleFinding(request, event, at),
    verdict: (running, at, hostVersion) =>
      componentVerdict(request, running, at, { hostVersion, before: null }),
  });
}

function update(
  parts: CommandParts,
  place: Place,
  params: UpdateParams & { ranAlready?: boolean },
): CommandExecution {
  const { hostId, componentId, annotations } = params;
  const request: UpdateComponent = {
    hostId,
    componentId,
    newImageReference: params.imageReference,
    ...(annotations && { annotations }),
  };
  return componentExecution(parts, place, {
    hostId,
    componentId,
    wire: updateRequest(parts.session(place).client.scope, request),
    send: async ({ client }) => {
      const reply = await client.updateComponent(request);
      // Nothing happens and no event comes; the text is the same in all versions that have one (wasmcloud-control §2.7).
      const isThere =
        reply.message === `component ${componentId} already updated to ${params.imageReference}`;
      return isThere ? done(reply) : acknowledged(reply);
    },
    waitMs: parts.waits.coldMs,
    isSilent: true,
    finding: (event, at) => updateFinding(params, event, at),
    verdict: (running, at, hostVersion) => updateVerdict(params, running, at, hostVersion),
  });
}

async function refuseRunning(
  lattice: LatticeSession,
  place: { hostId: string; componentId: string },
): Promise<void> {
  const { components, host } = await readBefore(() => lattice.hostInventory(place.hostId));
  const running = components.find(({ id }) => id === place.componentId);
  if (!running) return;
  throw conflict(
    `${place.componentId} already runs on ${host.friendlyName} from ${running.imageReference}.`,
    "Scale it to change its instances, or stop and start it with another image.",
    { running: { imageReference: running.imageReference, maxInstances: running.maxInstances } },
  );
}

async function runningNow(
  lattice: LatticeSession,
  place: { hostId: string; componentId: string },
): Promise<ComponentRow> {
  const { components, host } = await readBefore(() => lattice.hostInventory(place.hostId));
  const running = components.find(({ id }) => id === place.componentId);
  if (running) return running;
  throw conflict(
    `${place.componentId} does not run on ${host.friendlyName}: there is nothing to update.`,
    "Start it there, or update it on a host where it runs.",
  );
}
