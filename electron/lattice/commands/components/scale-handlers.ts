import {
  type CommandExecution,
  canonicalJson,
  Failure,
  type Handlers,
} from "../../../../shared/contract/index.ts";
import type { componentOperations } from "../../../../shared/lattice/component-operations.ts";
import type { ComponentRow, ScalePreview } from "../../../../shared/lattice/schema.ts";
import { conflict, timestamp } from "../../../upstream/evidence.ts";
import { type ScaleComponent, scaleRequest } from "../../client/control-commands.ts";
import type { LatticeSession } from "../../session/lattice-session.ts";
import {
  acknowledged,
  type CommandParts,
  hostName,
  type Place,
  readBefore,
  refuseOddNewId,
} from "../command-parts.ts";
import type { Look } from "../lattice-command.ts";
import { componentExecution } from "./component-execution.ts";
import { effectiveLimits, isSilentVersion } from "./component-facts.ts";
import { componentVerdict } from "./component-verdict.ts";
import { LoneZero } from "./lone-zero.ts";
import { restartExecution } from "./restart-execution.ts";
import { planRestart, type RestartParams, withInstances } from "./restart-plan.ts";
import { scaleFinding } from "./scale-evidence.ts";
import type { ScaleKnowledge, ScaleParams } from "./scale-knowledge.ts";
import { planScale } from "./scale-plan.ts";

type ScaleInput = ScaleParams & Place;
type ScaleOperations = Pick<
  typeof componentOperations,
  | "lattice.components.preview-scale"
  | "lattice.components.scale"
  | "lattice.components.preview-restart"
  | "lattice.components.restart"
>;

/** Handlers that preview and carry out a scale. */
export function scaleHandlers(parts: CommandParts): Handlers<ScaleOperations> {
  return {
    "lattice.components.preview-scale": async (input) => {
      const lattice = parts.session(input);
      await lookBefore(parts, lattice, input);
      return planScale(input, knowledgeOf(parts, lattice, input));
    },
    "lattice.components.scale": async (input, { reconciling = false }) => {
      if (!reconciling) await lookBefore(parts, parts.session(input), input);
      return execution(parts, { ...input, reconciling });
    },
    "lattice.components.preview-restart": async (input) => {
      const lattice = parts.session(input);
      await lookBefore(parts, lattice, input);
      return planRestart(input, knowledgeOf(parts, lattice, input));
    },
    "lattice.components.restart": async (input, { reconciling = false }) => {
      if (!reconciling) await lookBefore(parts, parts.session(input), input);
      return restart(parts, { ...input, reconciling });
    },
  };
}

/** A plan rests on what runs now, not on what was last heard, and on what the kept events tell of updates. */
async function lookBefore(
  parts: CommandParts,
  lattice: LatticeSession,
  { connectionId, hostId }: { connectionId: string; hostId: string },
): Promise<void> {
  await Promise.all([parts.updates.recall(connectionId), readBefore(() => lattice.hostInventory(hostId))]);
}

function knowledgeOf(
  parts: CommandParts,
  lattice: LatticeSession,
  input: { connectionId: string; hostId: string; componentId: string },
): ScaleKnowledge {
  const { connectionId, hostId, componentId } = input;
  const place = {
    connectionId,
    lattice: lattice.client.lattice,
    hostId,
    kind: "component" as const,
    id: componentId,
  };
  return {
    hostName: hostName(lattice, hostId),
    hostVersion: lattice.host(hostId)?.version,
    running: lattice.component(hostId, componentId),
    update: parts.updates.known(place, lattice.host(hostId)),
    openUpdateSince: parts.updates.openSince(place, lattice.host(hostId)),
    configFromHistory: parts.history.configNames(place),
    openConfigs: parts.history.openConfigNames(place),
  };
}

function restart(
  parts: CommandParts,
  input: RestartParams & Place & { reconciling: boolean },
): CommandExecution {
  const lattice = parts.session(input);
  const { hostId, componentId, reconciling } = input;
  const known = knowledgeOf(parts, lattice, input);
  const plan = planRestart(input, known);
  if (!plan.running && !reconciling) throw nothingToRestart(plan);
  const imageReference = plan.request.imageReference || "none";
  return restartExecution(parts, input, {
    start: { hostId, componentId, ...plan.request, imageReference },
    asked: reconciling
      ? withInstances(input, { running: lattice.component(hostId, componentId) })
      : plan.request,
    before: reconciling ? undefined : lattice.component(hostId, componentId),
    update: known.update,
  });
}

function nothingToRestart({ componentId, hostName }: ScalePreview): Failure {
  return conflict(
    `${componentId} does not run on ${hostName}: there is nothing to stop.`,
    "Start it there, or choose a host where it runs.",
  );
}

function execution(parts: CommandParts, input: ScaleInput & { reconciling: boolean }): CommandExecution {
  const lattice = parts.session(input);
  const known = knowledgeOf(parts, lattice, input);
  const preview = planScale(input, known);
  const { hostId, componentId, reconciling } = input;
  if (preview.request.imageReference === "" && !reconciling) throw imageNeeded(preview);
  if (!preview.running && !reconciling) refuseOddNewId("componentId", componentId, lattice.components());
  const imageReference = preview.request.imageReference || "none";
  const request: ScaleComponent = { hostId, componentId, ...preview.request, imageReference };
  const before = reconciling ? undefined : (lattice.component(hostId, componentId) ?? null);
  const isSameCount = before?.maxInstances === input.maxInstances;
  const countProvesNothing = isSameCount && asksForMore(input, before);
  const sent = { ...request, countProvesNothing };
  const isTold = isSameCount && !countProvesNothing && LoneZero.isToldBy(lattice.host(hostId)?.version);
  const zero = isTold ? new LoneZero({ hostId, componentId }, before) : undefined;
  return componentExecution(parts, input, {
    hostId,
    componentId,
    wire: scaleRequest(lattice.client.scope, request),
    send: async ({ client }) => acknowledged(await client.scaleComponent(request)),
    waitMs: preview.running ? parts.waits.warmMs : parts.waits.coldMs,
    isSilent: countProvesNothing || isSilentVersion(lattice.host(hostId)?.version),
    finding: (event, at) => scaleFinding(sent, event, at),
    ...(countProvesNothing && {
      readAfter: (event) => scaleFinding(request, event, "")?.verdict === "confirmed",
    }),
    ...(zero && { readAfter: (event) => zero.isIn(event) && lookAfter(parts, zero, input) }),
    verdict: (running, at, hostVersion) =>
      componentVerdict(input, running, at, {
        hostVersion,
        before,
        update: known.update,
        tookConfigs: zero?.isProven,
      }),
  });
}

function lookAfter(parts: CommandParts, zero: LoneZero, { hostId, componentId }: ScaleInput): Look {
  return async (lattice) => {
    const { components } = await lattice.hostInventory(hostId);
    return zero.finding(
      components.find(({ id }) => id === componentId),
      timestamp(parts),
    );
  };
}

/** Whether something else than the count is to change, which a host may ignore. */
function asksForMore(input: ScaleInput, before: ComponentRow): boolean {
  const { imageReference = before.imageReference, annotations = before.annotations } = input;
  const limits = input.limits ?? before.limits;
  return (
    imageReference !== before.imageReference ||
    canonicalJson(annotations) !== canonicalJson(before.annotations) ||
    canonicalJson(effectiveLimits(limits)) !== canonicalJson(effectiveLimits(before.limits))
  );
}

function imageNeeded(preview: ScalePreview): Failure {
  if (preview.request.maxInstances === 0) {
    return new Failure({
      code: "conflict",
      message: `${preview.componentId} does not run on ${preview.hostName}: there is nothing to stop.`,
    });
  }
  return new Failure({
    code: "invalid_input",
    message: `imageReference: ${preview.componentId} does not run on ${preview.hostName}, so the image to start is needed.`,
    details: { fields: [{ path: "imageReference", message: "needed to start" }] },
    hint: "Name an image, or scale it on a host where it runs.",
  });
}
