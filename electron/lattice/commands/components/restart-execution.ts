import {
  type Acknowledgement,
  asFailure,
  type CommandExecution,
  Failure,
  type Verdict,
} from "../../../../shared/contract/index.ts";
import type { ComponentRow } from "../../../../shared/lattice/schema.ts";
import { type ScaleComponent, scaleRequest } from "../../client/control-commands.ts";
import type { ControlReply } from "../../client/control-types.ts";
import type { LatticeSession } from "../../session/lattice-session.ts";
import { acknowledged, type CommandParts, hostName, type Place } from "../command-parts.ts";
import { componentExecution } from "./component-execution.ts";
import { isSilentVersion } from "./component-facts.ts";
import { type ComponentAsked, componentVerdict } from "./component-verdict.ts";
import { type KnownUpdate, oldCodeText } from "./known-update.ts";
import { scaleFinding } from "./scale-evidence.ts";

/** A component that is to be stopped and started, and with what. */
export interface Restart {
  start: ScaleComponent & { maxInstances: number };
  asked: ComponentAsked;
  /** What runs; undefined where the command was carried out earlier, and is only asked about. */
  before: ComponentRow | undefined;
  /** Its last update since its host started, as far as is known. */
  update: KnownUpdate | undefined;
}

/** What has become of it so far. */
interface Progress {
  startSent: boolean;
  refusal: string | undefined;
}

const firstPauseMs = 100;
const longestPauseMs = 1_000;

/**
 * Makes a stop and start ready: the start is sent once the host's inventory no longer lists the component, for two scales at once
 * may overtake each other (wasmcloud-control §1.4), and never where the stop failed.
 */
export function restartExecution(parts: CommandParts, place: Place, restart: Restart): CommandExecution {
  const { start } = restart;
  const { hostId, componentId } = start;
  const known = parts.session(place);
  const progress: Progress = { startSent: false, refusal: undefined };
  return componentExecution(parts, place, {
    hostId,
    componentId,
    wire: scaleRequest(known.client.scope, start),
    send: (lattice) => stopAndStart(parts, lattice, { ...restart, progress }),
    waitMs: parts.waits.coldMs,
    isSilent: isSilentVersion(known.host(hostId)?.version),
    finding: (event, at) => {
      const finding = progress.startSent ? scaleFinding(start, event, at) : undefined;
      return finding?.verdict === "failed"
        ? { ...finding, message: `It was stopped, and does not run on this host now. ${finding.message}` }
        : finding;
    },
    verdict: (running, at, hostVersion) =>
      restartVerdict(restart, progress, { running, at, hostVersion, name: hostName(known, hostId) }),
  });
}

async function stopAndStart(
  parts: CommandParts,
  lattice: LatticeSession,
  { start, before, progress }: Restart & { progress: Progress },
): Promise<Acknowledgement> {
  const { hostId, componentId } = start;
  const { imageReference = start.imageReference, annotations = {} } = before ?? {};
  const stop = { hostId, componentId, imageReference, annotations, maxInstances: 0, config: [] };
  const failed = failureOfStop(lattice, stop);
  try {
    const reply = await lattice.client.scaleComponent(stop);
    if (!reply.success) return acknowledged(reply);
    const error = await untilGone(lattice, stop, { failed, forMs: parts.waits.warmMs });
    if (error !== undefined)
      return { accepted: false, message: `It could not be stopped: ${error}`, reply: reply.raw };
  } finally {
    failed.end();
  }
  return sendStart(lattice, start, progress);
}

/** Listens for the host's word that it could not stop it. */
function failureOfStop(lattice: LatticeSession, stop: Parameters<typeof scaleFinding>[0]) {
  const heard: { error?: string; end: () => void } = { end: () => undefined };
  heard.end = lattice.onEvent((event) => {
    if (event.kind !== "known" || event.type !== "component_scale_failed") return;
    if (scaleFinding(stop, event, "")?.verdict === "failed") heard.error ??= event.error || "no reason given";
  });
  return heard;
}

/** Resolves when the host no longer lists it, or with why it could not be stopped; rejects where neither is so in time. */
async function untilGone(
  lattice: LatticeSession,
  { hostId, componentId }: { hostId: string; componentId: string },
  { failed, forMs }: { failed: { error?: string }; forMs: number },
): Promise<string | undefined> {
  for (let waitedMs = 0, pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (failed.error !== undefined) return failed.error;
    if (await isGone(lattice, hostId, componentId)) return undefined;
    if (waitedMs >= forMs) throw stillThere(hostName(lattice, hostId), componentId, forMs);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    waitedMs += pauseMs;
  }
}

/** A reading that times out says nothing. */
async function isGone(lattice: LatticeSession, hostId: string, componentId: string): Promise<boolean> {
  try {
    const { components } = await lattice.hostInventory(hostId);
    return components.every(({ id }) => id !== componentId);
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code === "timeout") return false;
    throw afterStop(failure, "The stop was sent, and the start was not");
  }
}

async function sendStart(
  lattice: LatticeSession,
  start: Restart["start"],
  progress: Progress,
): Promise<Acknowledgement> {
  progress.startSent = true;
  let reply: ControlReply;
  try {
    reply = await lattice.client.scaleComponent(start);
  } catch (error) {
    throw afterStop(asFailure(error), "It was stopped, and the start has no answer");
  }
  if (reply.success) return acknowledged(reply);
  progress.refusal = reply.message || "no reason given";
  const message = `It was stopped, and the host refused the start: ${progress.refusal}`;
  return { accepted: true, over: true, message, reply: reply.raw };
}

/** Something was done, whatever became of the rest: no failure of the second half says that nothing was delivered. */
function afterStop(failure: Failure, what: string): Failure {
  const { delivered: _delivered, ...details } = failure.details ?? {};
  const data = { ...failure.toData(), message: `${what}: ${failure.message}`, details };
  return new Failure(
    { ...data, hint: "Look whether it runs, and start it if it does not." },
    { cause: failure },
  );
}

function stillThere(host: string, componentId: string, forMs: number): Failure {
  return new Failure({
    code: "timeout",
    message: `${componentId} was told to stop and still runs on ${host} after ${forMs / 1_000} s; the start was not sent.`,
    hint: "Look whether it has stopped meanwhile, and start it then.",
  });
}

function restartVerdict(
  { asked, before, update }: Restart,
  { startSent, refusal }: Progress,
  read: { running: ComponentRow | undefined; at: string; hostVersion: string | undefined; name: string },
): Verdict {
  const { running, at, hostVersion, name } = read;
  const verdict = componentVerdict(asked, running, at, { hostVersion, before: null });
  if (!running) {
    const why = refusal === undefined ? verdict.message : `The host refused the start: ${refusal}`;
    return { ...verdict, message: `It was stopped and does not run on ${name} now. ${why}` };
  }
  if (verdict.verdict !== "verified") return verdict;
  const isNew = asked.imageReference !== undefined && before?.imageReference !== asked.imageReference;
  if (!startSent && !(before && isNew))
    return {
      ...verdict,
      verdict: "unknown",
      message: `${verdict.message} Whether it was stopped and started cannot be read: look at its host's events.`,
    };
  if (!update) return verdict;
  return { ...verdict, verdict: "unknown", message: `${verdict.message} ${oldCodeText(update)}` };
}
