import { canonicalJson, type Verdict } from "../../../../shared/contract/index.ts";
import type { ComponentRow } from "../../../../shared/lattice/schema.ts";
import { instancesText, unboundedInstances } from "../../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../../shared/lattice/version.ts";
import { readEvidence } from "../../../upstream/evidence.ts";
import { effectiveLimits, isSilentVersion, mapText } from "./component-facts.ts";
import { type KnownUpdate, oldCodeText } from "./known-update.ts";

/** What a start or scale asked for; what is left out here was not asked for, and is not compared. */
export interface ComponentAsked {
  maxInstances: number;
  imageReference?: string | undefined;
  annotations?: Readonly<Record<string, string>> | undefined;
  limits?: Readonly<Record<string, string>> | undefined;
  /** Absent: the configs that are known to be used were sent again. */
  config?: readonly string[] | undefined;
}

/** What else a verdict depends on. */
export interface ComponentCircumstances {
  hostVersion: string | undefined;
  /** What ran when the command was sent: undefined where nobody looked, null where nothing ran. */
  before?: ComponentRow | null | undefined;
  /** Its last update since its host started, as far as is known: old code may answer beside it. */
  update?: KnownUpdate | undefined;
  /** An event proved that the configs were taken. */
  tookConfigs?: boolean | undefined;
}

interface Part {
  name: string;
  shown: string;
  /** Why it is not as asked for, where that is known. */
  reason?: string | undefined;
}

/** How the rest of a scale is brought in force where a host takes none of it (wasmcloud-control §2.6). */
export const howToTakeTheRest = "Scale to another count and back, or stop and start it, to have them taken.";

/**
 * Holds a freshly read inventory against everything that was asked for. "Verified" is said only of what was read back: a host
 * takes nothing but a count or another config list from a scale, and hosts before 1.9.0 take no limits (wasmcloud-control §2.6,
 * §4.15).
 */
export function componentVerdict(
  asked: ComponentAsked,
  running: ComponentRow | undefined,
  at: string,
  known: ComponentCircumstances,
): Verdict {
  const count = running?.maxInstances ?? 0;
  const from = running && asked.imageReference !== undefined ? ` from ${running.imageReference}` : "";
  const summary = `The host's inventory shows ${countText(count)}${from}.`;
  const evidence = readEvidence(at, summary, running);
  if (count !== asked.maxInstances) return { ...countVerdict(asked, known.hostVersion, summary), evidence };
  if (!running) return { ...stoppedVerdict(summary, known), evidence };
  const ignored = differences(asked, running, known.hostVersion);
  if (ignored.length > 0)
    return { ...ignoredVerdict(summary, ignored, nothingTaken(asked, running, known)), evidence };
  return { ...asAskedVerdict(asked, running, summary, known), evidence };
}

type Said = Omit<Verdict, "evidence">;

function countVerdict({ maxInstances }: ComponentAsked, version: string | undefined, summary: string): Said {
  const wanted = `${summary} Wanted: ${countText(maxInstances)}.`;
  // Such a host announces no failure, so that nothing tells a failed command from one that is still loading its image.
  if (isSilentVersion(version))
    return {
      verdict: "failed",
      mayStillCome: true,
      message: `${wanted} ${version || "This host"} announces hardly any failure: look into its log, and read again later.`,
    };
  return { verdict: "failed", message: `${wanted} It did not happen, or somebody changed it since.` };
}

function stoppedVerdict(summary: string, { update }: ComponentCircumstances): Said {
  if (!update) return { verdict: "verified", message: summary };
  return { verdict: "unknown", message: `${summary} ${oldCodeText(update)}` };
}

function ignoredVerdict(summary: string, ignored: readonly Part[], nothing: boolean): Said {
  const names = ignored.map(({ name }) => name).join(", ");
  const shown = ignored.map(({ name, shown }) => `${name} ${shown}`).join("; ");
  const reasons = [...new Set(ignored.flatMap(({ reason }) => reason ?? []))];
  const how =
    reasons.length === ignored.length ? reasons.join(" ") : [...reasons, howToTakeTheRest].join(" ");
  const message = `${summary} Not taken: ${names} (the host has ${shown}). ${how}`;
  return { verdict: nothing ? "failed" : "unknown", message };
}

function asAskedVerdict(
  asked: ComponentAsked,
  running: ComponentRow,
  summary: string,
  { before, tookConfigs }: ComponentCircumstances,
): Said {
  const configs = asked.config !== undefined && asked.config.length > 0;
  if (before && asked.imageReference !== undefined && asked.imageReference !== before.imageReference)
    return {
      verdict: "unknown",
      message: `${summary} A scale loads no image: the code of ${before.imageReference} goes on answering. Stop and start it to change the code.`,
    };
  if (before && asked.config !== undefined && sameButConfig(before, running))
    return {
      verdict: "unknown",
      message: tookConfigs
        ? `${summary} The host ended an instance meanwhile: on 1.0.0 the configs were taken. They cannot be read back.`
        : `${summary} It showed the same before, and which configs it uses cannot be read.`,
    };
  return { verdict: "verified", message: configs ? `${summary} Its configs cannot be read back.` : summary };
}

/** Everything that was asked for and is shown otherwise. */
function differences(asked: ComponentAsked, running: ComponentRow, version: string | undefined): Part[] {
  const parts: Part[] = [];
  if (asked.imageReference !== undefined && asked.imageReference !== running.imageReference)
    parts.push({ name: "image", shown: running.imageReference });
  if (asked.annotations && canonicalJson(asked.annotations) !== canonicalJson(running.annotations))
    parts.push({ name: "annotations", shown: mapText(running.annotations) });
  const limits = asked.limits && effectiveLimits(asked.limits);
  if (limits && canonicalJson(limits) !== canonicalJson(effectiveLimits(running.limits)))
    parts.push({
      name: "limits",
      shown: mapText(running.limits),
      ...(isAtLeast(version, "1.9.0") === false && {
        reason: `Hosts before 1.9.0 have no limits (${version}).`,
      }),
    });
  return parts;
}

/** Whether the reading proves that nothing of a request was taken: a host takes all of it, or nothing (wasmcloud-control §2.6). */
function nothingTaken(asked: ComponentAsked, running: ComponentRow, known: ComponentCircumstances): boolean {
  const { before, hostVersion } = known;
  if (!before || before.maxInstances !== asked.maxInstances || !sameButConfig(before, running)) return false;
  const limitsTell = isAtLeast(hostVersion, "1.9.0") === true;
  const { limits: _limits, ...withoutLimits } = asked;
  return differences(limitsTell ? asked : withoutLimits, running, hostVersion).length > 0;
}

function sameButConfig(before: ComponentRow, after: ComponentRow): boolean {
  const visible = ({ maxInstances, imageReference, annotations, limits }: ComponentRow) =>
    canonicalJson({ maxInstances, imageReference, annotations, limits: effectiveLimits(limits) });
  return visible(before) === visible(after);
}

/** A count as the host shows it. */
export function countText(count: number): string {
  if (count === 0) return "that the component does not run";
  return count === unboundedInstances ? "unbounded instances" : `max ${instancesText(count)} instances`;
}
