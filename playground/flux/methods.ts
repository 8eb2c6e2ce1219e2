import type { DaemonState } from "./daemon-state.ts";
import { viewSettings } from "./daemon-state.ts";
import { unparsable } from "./error-messages.ts";
import { exportYaml } from "./export-yaml.ts";
import type { JobRunner } from "./job-runner.ts";
import type { UpdateSpec } from "./wire-types.ts";
import { imagesView, serviceView } from "./wire-views.ts";
import { type SimulatedWorkload, workloadId } from "./workload.ts";

/** What the calls act on. */
export interface MethodParts {
  state: DaemonState;
  jobs: JobRunner;
  syncSoon(): void;
  /** An image notice was taken; the real queue has 100 places (flux-rpc §7, trap 12). */
  onImage(name: { Domain: string; Image: string }): Promise<void>;
}

export interface Method {
  /** Answers without the union, on every version (flux-rpc §2.6). */
  bare?: boolean;
  /** What stands beside an application error where there is no result; a text otherwise. */
  empty?: unknown;
  /** Has no result beside the application error. */
  acknowledges?: boolean;
  run(argument: unknown): unknown;
}

const fields = [
  "Name",
  "Current",
  "LatestFiltered",
  "Available",
  "AvailableError",
  "AvailableImagesCount",
  "NewAvailableImagesCount",
  "FilteredImagesCount",
  "NewFilteredImagesCount",
];

/** The methods that a daemon of this version has (flux-rpc §2.7, §6.1). */
export function methodsOf(parts: MethodParts): Map<string, Method> {
  const { protocol } = parts.state;
  const methods = new Map<string, Method>([
    ["Ping", { bare: true, run: () => ({}) }],
    ["Version", { bare: true, run: () => parts.state.version }],
    ["Export", { run: () => exported(parts.state) }],
    ["ListServices", { empty: null, run: (namespace) => listServices(parts, text(namespace)) }],
    ["ListImages", { run: (spec) => listImages(parts, text(spec), null) }],
    ["UpdateManifests", { run: (spec) => parts.jobs.update(spec as UpdateSpec) }],
    [
      "JobStatus",
      { empty: { Result: {}, Err: "", StatusString: "" }, run: (id) => parts.jobs.status(text(id)) },
    ],
    [
      "SyncStatus",
      { run: (ref) => parts.state.repository.pending(text(ref)).map(({ revision }) => revision) },
    ],
    ["GitRepoConfig", { run: (regenerate) => repository(parts.state, regenerate === true) }],
  ]);
  if (protocol < 9) methods.set("SyncNotify", { acknowledges: true, run: () => parts.syncSoon() });
  else methods.set("NotifyChange", { acknowledges: true, run: (change) => notify(parts, change) });
  if (protocol >= 10)
    methods.set("ListImagesWithOptions", { run: (options) => listWithOptions(parts, options) });
  return methods;
}

function text(argument: unknown): string {
  if (argument === undefined || argument === null) return "";
  if (typeof argument === "string") return argument;
  throw new Error(`json: cannot unmarshal ${typeof argument} into Go value of type string`);
}

/** Without an allow-list the daemon asks for a namespace without a name (flux-rpc §3.4). */
function exported({ allowsNamespaces, workloads }: DaemonState): string {
  if (!allowsNamespaces) throw new Error("resource name may not be empty");
  return Buffer.from(exportYaml(workloads)).toString("base64");
}

/** In no particular order (flux-rpc §3.5). */
function listServices({ state }: MethodParts, namespace: string): unknown[] | null {
  const { status, parseError } = state.repository;
  if (status === "ready" && parseError !== "") throw unparsable(parseError);
  const listed = state.workloads.filter(
    (one) => one.exists && (namespace === "" || one.namespace === namespace),
  );
  const offset = Math.floor(Math.random() * listed.length);
  const views = [...listed.slice(offset), ...listed.slice(0, offset)].map((one) =>
    serviceView(one, viewSettings(state)),
  );
  return views.length > 0 ? views : null;
}

function listImages(
  { state }: MethodParts,
  spec: string,
  wanted: readonly string[] | null,
): unknown[] | null {
  const listed: SimulatedWorkload[] = state.workloads.filter(
    (one) => one.exists && (spec === "<all>" || workloadId(one, state.protocol) === spec),
  );
  if (spec !== "<all>" && !/^[^:/]*:?[^:/]+\/.+$/.test(spec))
    throw new Error(`treating workload spec as ID: parsing ${spec}: invalid service ID`);
  const views = listed.map((one) =>
    imagesView(one, state.registry, { settings: viewSettings(state), fields: wanted }),
  );
  return views.length > 0 ? views : null;
}

function listWithOptions(parts: MethodParts, argument: unknown): unknown[] | null {
  const options = (argument ?? {}) as {
    Spec?: string;
    Namespace?: string;
    OverrideContainerFields?: string[] | null;
  };
  const { Spec = "", Namespace = "", OverrideContainerFields = null } = options;
  if (Namespace !== "" && Spec !== "<all>")
    throw new Error("cannot filter by 'namespace' and 'workload' at the same time");
  for (const field of OverrideContainerFields ?? []) {
    if (!fields.includes(field)) throw new Error(`${field} is an invalid field`);
  }
  const images = listImages(parts, Spec, OverrideContainerFields) as { ID: string }[] | null;
  if (Namespace === "" || images === null) return images;
  const within = images.filter(({ ID }) => ID.startsWith(`${Namespace}:`));
  return within.length > 0 ? within : null;
}

function repository({ repository: git, version }: DaemonState, regenerate: boolean): unknown {
  if (regenerate) git.keyNumber += 1;
  return git.view(viewSettings({ repository: git, version } as DaemonState).release);
}

async function notify(parts: MethodParts, change: unknown): Promise<void> {
  const { Kind, Source } = (change ?? {}) as { Kind?: string; Source?: Record<string, unknown> };
  if (Kind !== "git" && Kind !== "image") throw new Error("unknown kind of change");
  if (Source === undefined) throw new Error("unexpected end of JSON input");
  if (Kind === "image") {
    await parts.onImage(Source.Name as { Domain: string; Image: string });
    return;
  }
  const { url, branch } = parts.state.repository;
  // Ignored only for the daemon's own repository with another branch (flux-rpc §3.10).
  if (Source.URL === url && Source.Branch !== branch) return;
  parts.syncSoon();
}
