import type { Registry } from "./registry.ts";
import { newerCount, splitReference } from "./registry.ts";
import type { ImageInfo } from "./wire-types.ts";
import { isPolicySet, patternOf, type SimulatedWorkload, workloadId } from "./workload.ts";

/** What the views need to know of the daemon. */
export interface ViewSettings {
  protocol: number;
  /** Release as `major * 100 + minor`: which fields there are (flux-rpc §3.1.4, §3.1.5). */
  release: number;
  gitReady: boolean;
  unconfigured: boolean;
  readOnly: boolean;
}

const emptyImage: ImageInfo = { ID: "", Labels: {} };

/** `1.25.4` as 125; a development build has everything. */
export function releaseNumber(version: string): number {
  const match = /^(\d+)\.(\d+)/.exec(version);
  return match ? Number(match[1]) * 100 + Number(match[2]) : 999;
}

/** A workload as `ListServices` shows it (flux-rpc §3.5). */
export function serviceView(one: SimulatedWorkload, settings: ViewSettings): Record<string, unknown> {
  const { release } = settings;
  const policies = one.inGit && settings.gitReady ? one.policies : {};
  const view: Record<string, unknown> = {
    ID: workloadId(one, settings.protocol),
    Containers: one.containers.map(({ name, running }) =>
      release < 104
        ? { Name: name, Current: { ID: running }, Available: null }
        : { Name: name, Current: { ID: running, Labels: {} }, LatestFiltered: emptyImage },
    ),
    Status: statusOf(one, release),
    Automated: isPolicySet(policies, "automated"),
    Locked: isPolicySet(policies, "locked"),
    Ignore: isPolicySet(policies, "ignore"),
    Policies: policies,
  };
  if (release >= 103) view.ReadOnly = readOnlyReason(one, settings);
  if (release >= 104) Object.assign(view, { Antecedent: one.antecedent, Labels: labels(one) });
  if (release >= 108) Object.assign(view, { Rollout: rollout(one), SyncError: one.syncError });
  return view;
}

function labels({ labels: own, gcMark }: SimulatedWorkload): Record<string, string> | null {
  return gcMark === "" ? own : { ...own, "fluxcd.io/sync-gc-mark": gcMark };
}

function readOnlyReason(one: SimulatedWorkload, { gitReady, readOnly, unconfigured }: ViewSettings): string {
  if (unconfigured) return "NoRepo";
  if (!gitReady) return "NotReady";
  if (readOnly) return "ReadOnlyMode";
  return one.inGit ? "" : "NotInRepo";
}

function statusOf(one: SimulatedWorkload, release: number): string {
  if (release < 108) return `${one.updated} out of ${one.replicas} updated`;
  if (one.kind === "helmrelease") return one.helmStatus;
  if (one.kind === "cronjob") return "ready";
  if (one.messages.length > 0) return "error";
  return one.updated < one.replicas ? "updating" : "ready";
}

function rollout({ kind, replicas, updated, messages }: SimulatedWorkload): Record<string, unknown> {
  if (kind === "cronjob" || kind === "helmrelease")
    return { Desired: 0, Updated: 0, Ready: 0, Available: 0, Outdated: 0, Messages: null };
  return {
    Desired: replicas,
    Updated: updated,
    Ready: updated,
    Available: updated,
    Outdated: replicas - updated,
    Messages: messages.length > 0 ? messages : null,
  };
}

/** A workload as the lists of images show it (flux-rpc §3.7, §3.8). */
export function imagesView(
  one: SimulatedWorkload,
  registry: Registry,
  { settings, fields }: { settings: ViewSettings; fields: readonly string[] | null },
): { ID: string; Containers: Record<string, unknown>[] | null } {
  const containers = one.containers.map(({ name, running }) => {
    const container = containerView(name, { running, pattern: patternOf(one, name), registry, settings });
    if (!fields || fields.length === 0) return container;
    return Object.fromEntries(
      Object.entries(container)
        .filter(([key]) => fields.includes(key) || key === "Current" || key === "LatestFiltered")
        .map(([key, value]) => [key, fields.includes(key) ? value : emptyImage]),
    );
  });
  return { ID: workloadId(one, settings.protocol), Containers: containers.length > 0 ? containers : null };
}

interface ContainerFacts {
  running: string;
  pattern: string;
  registry: Registry;
  settings: ViewSettings;
}

function containerView(
  name: string,
  { running, pattern, registry, settings }: ContainerFacts,
): Record<string, unknown> {
  const image = splitReference(running).name;
  const { all: available, filtered } = registry.ordered(image, pattern);
  const current = registry.info(running);
  if (settings.release < 104) return { Name: name, Current: current, Available: available };
  return withoutEmpty({
    Name: name,
    Current: current,
    LatestFiltered: filtered[0] ?? emptyImage,
    Available: available,
    AvailableImagesCount: available.length,
    NewAvailableImagesCount: newerCount(available, current, pattern),
    FilteredImagesCount: filtered.length,
    NewFilteredImagesCount: newerCount(filtered, current, pattern),
  });
}

/** As Go's `omitempty`: zeros and empty lists are left out (flux-rpc §3.1). */
function withoutEmpty(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) => member !== 0 && !(Array.isArray(member) && member.length === 0),
    ),
  );
}
