import { type CommandExecution, Failure, type Handlers } from "../../shared/contract/index.ts";
import type { latticeOperations } from "../../shared/lattice/operations.ts";
import type { ScalePreview } from "../../shared/lattice/schema.ts";
import { describeRequest, type ScaleComponent, scaleRequest } from "./control-commands.ts";
import type { LatticeSession } from "./lattice-session.ts";
import { scaleFinding, scaleVerdict } from "./scale-evidence.ts";
import type { ScaleHistory } from "./scale-history.ts";
import { planScale, type ScaleWish } from "./scale-plan.ts";

/** A component that starts cold may take this long to report (wasmcloud-control §4.15). */
const coldWaitMs = 60_000;
const warmWaitMs = 10_000;

export interface ScaleParts {
  /** Throws where the connection is not open. */
  session(scope: { connectionId: string; lattice?: string }): LatticeSession;
  history: ScaleHistory;
  now(): number;
}

type ScaleInput = ScaleWish & { connectionId: string; lattice?: string };
type ScaleOperations = Pick<
  typeof latticeOperations,
  "lattice.components.preview-scale" | "lattice.components.scale"
>;

/** Handlers that preview and carry out a scale. */
export function scaleHandlers(parts: ScaleParts): Handlers<ScaleOperations> {
  return {
    "lattice.components.preview-scale": async (input) => {
      const lattice = parts.session(input);
      // The preview rests on what runs now, not on what was last heard.
      await lattice.hostInventory(input.hostId);
      return plan(parts, lattice, input);
    },
    "lattice.components.scale": async (input, { reconciling = false }) => {
      const lattice = parts.session(input);
      if (!reconciling) await lattice.hostInventory(input.hostId);
      return execution(parts, lattice, { ...input, reconciling });
    },
  };
}

function plan(parts: ScaleParts, lattice: LatticeSession, input: ScaleInput): ScalePreview {
  const { connectionId, hostId, componentId } = input;
  return planScale(input, {
    hostName: lattice.host(hostId)?.friendlyName ?? hostId,
    running: lattice.component(hostId, componentId),
    configFromHistory: parts.history.configNames({
      connectionId,
      lattice: lattice.client.lattice,
      hostId,
      componentId,
    }),
  });
}

function execution(
  parts: ScaleParts,
  lattice: LatticeSession,
  input: ScaleInput & { reconciling: boolean },
): CommandExecution {
  const preview = plan(parts, lattice, input);
  const { hostId, componentId } = input;
  if (preview.request.imageReference === "" && !input.reconciling) throw imageNeeded(preview);
  const imageReference = preview.request.imageReference || "none";
  const request: ScaleComponent = { hostId, componentId, ...preview.request, imageReference };
  const wire = scaleRequest(lattice.client.scope, request);
  const at = () => new Date(parts.now()).toISOString();
  return {
    target: {
      kind: "component",
      id: componentId,
      label: `${componentId} on ${preview.hostName}`,
      lattice: lattice.client.lattice,
      hostId,
      hostName: preview.hostName,
    },
    request: describeRequest(wire),
    send: async () => {
      const reply = await lattice.client.scaleComponent(request);
      return { accepted: reply.success, message: reply.message, reply: reply.raw };
    },
    evidence: {
      waitMs: preview.running ? warmWaitMs : coldWaitMs,
      watch: (report) =>
        lattice.onEvent((event) => {
          const finding = scaleFinding(input, event, at());
          if (finding) report(finding);
        }),
    },
    verify: async () => {
      const { components } = await lattice.hostInventory(hostId);
      return scaleVerdict(
        input,
        components.find(({ id }) => id === componentId),
        at(),
      );
    },
  };
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
