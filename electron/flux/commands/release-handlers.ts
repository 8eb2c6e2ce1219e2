import {
  type CallContext,
  type CommandExecution,
  Failure,
  type Handlers,
  type OperationOf,
} from "../../../shared/contract/index.ts";
import type { fluxChangeOperations } from "../../../shared/flux/change-operations.ts";
import { allLatestImages } from "../../../shared/flux/ids.ts";
import { canonicalImageName, sameImage } from "../../../shared/flux/image-reference.ts";
import { formatRelease, type Release } from "../../../shared/flux/release.ts";
import type { FluxJob, FluxWorkload } from "../../../shared/flux/schema.ts";
import { requireKinds } from "../client/compat.ts";
import { workloadRows } from "../client/rows.ts";
import { isAtLeast } from "../client/semver-range.ts";
import type { UpdateSpec } from "../client/update-spec.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import { changeExecution, type ReadBack } from "./change-execution.ts";
import { type CommandParts, calling, placeOf, requireConnected } from "./command-parts.ts";
import { namedWorkloads, previewOf, releaseReadBack, requireReleasable } from "./release-plan.ts";
import { completeRelease, releaseSpec } from "./release-spec.ts";
import { rolloutReadBack } from "./rollout.ts";

type ReleaseOperations = Pick<typeof fluxChangeOperations, "flux.release.preview" | "flux.release">;
type ReleaseInput = Required<OperationOf<ReleaseOperations, "flux.release">["input"]>;
type ParsedRelease = Omit<ReleaseInput, "release"> & { release: Release };

/** Handlers that work a release out, and carry it out. */
export function releaseHandlers(parts: CommandParts): Handlers<ReleaseOperations> {
  return {
    "flux.release.preview": async (input) => {
      const daemon = parts.session(input);
      return calling(daemon, async () => {
        requireCapable(daemon, input.release);
        const workloads = await listWorkloads(daemon);
        const spec = releaseSpec(completeRelease(input.release, workloads), causeOf(input), "plan");
        const job = await daemon.job(await daemon.client.updateManifests(spec));
        return previewOf(input, job, workloads);
      });
    },
    "flux.release": async (input, context) => release(parts, input, context),
  };
}

async function release(
  parts: CommandParts,
  input: ParsedRelease,
  context: CallContext,
): Promise<CommandExecution> {
  const daemon = parts.session(input);
  const spec = recordedSpec(context) ?? (await newSpec(daemon, input, context));
  const [only, ...more] = namedWorkloads(input.release) ?? [];
  const label = only && more.length === 0 ? only : formatRelease(input.release);
  return changeExecution(
    parts,
    {
      ...placeOf(input),
      spec,
      target: {
        kind: "workload",
        id: label,
        label: `${label} at ${daemon.name}`,
        hostId: daemon.id,
        hostName: daemon.name,
      },
      words: "Committed",
      readBack: async (of, job) =>
        readBack(input, job, {
          workloads: await calling(of, () => listWorkloads(of)),
          syncErrors: of.syncs.errorsOf(job?.revision),
        }),
    },
    context,
  );
}

function readBack(
  { release }: ParsedRelease,
  job: FluxJob | undefined,
  { workloads, syncErrors }: { workloads: readonly FluxWorkload[]; syncErrors: ReadonlyMap<string, string> },
): ReadBack {
  const released = job?.results.some(({ status }) => status === "success");
  if (released || release.kind !== "image" || release.image === allLatestImages)
    return releaseReadBack(release, job, workloads, syncErrors);
  return specificImageReadBack(release.image, namedWorkloads(release), workloads);
}

/** Without a job's result: whether the named workloads run the image, where they use it at all. */
function specificImageReadBack(
  image: string,
  named: readonly string[] | undefined,
  workloads: readonly FluxWorkload[],
): ReadBack {
  const meant = workloads.filter(({ id }) => !named || named.includes(id));
  const users = meant
    .flatMap(({ id, containers }) => containers.map((container) => ({ id, ...container })))
    .filter((container) => canonicalImageName(container.image) === canonicalImageName(image));
  const other = users.find((container) => !sameImage(container.image, image));
  if (users.length > 0 && !other)
    return rolloutReadBack(
      meant.filter(({ id }) => users.some((user) => user.id === id)),
      users,
    );
  const message = other
    ? `${other.id} runs ${other.image}.`
    : `None of them uses ${canonicalImageName(image)}.`;
  return { state: "otherwise", message, data: users };
}

/** What was sent of an earlier run: what runs, and with it the preconditions, may have changed since. */
function recordedSpec({ earlier }: CallContext): UpdateSpec | undefined {
  return earlier?.request?.payload as UpdateSpec | undefined;
}

/** What is to be sent. Throws, before it is, what the daemon would only say in a failed job, or never. */
async function newSpec(
  daemon: FluxDaemon,
  input: ParsedRelease,
  { reconciling }: CallContext,
): Promise<UpdateSpec> {
  requireConnected(daemon);
  return calling(daemon, async () => {
    requireCapable(daemon, input.release);
    requireKinds(daemon.client.version, checkedIds(input.release));
    const workloads = await listWorkloads(daemon);
    if (!reconciling) requireReleasable(input.release, workloads);
    return releaseSpec(completeRelease(input.release, workloads), causeOf(input), "execute");
  });
}

/** Of chosen containers the kinds are not checked (flux-rpc §4): their ids are looked up instead. */
function checkedIds(release: Release): string[] {
  if (release.kind !== "image") return [];
  return [...(namedWorkloads({ ...release, excludes: [] }) ?? []), ...release.excludes];
}

/** `containers` came with 1.5 (flux-rpc §3.1.7). */
function requireCapable(daemon: FluxDaemon, { kind }: Release): void {
  if (kind !== "containers" || (daemon.client.version >= 9 && isAtLeast(daemon.version, "1.5.0") !== false))
    return;
  throw new Failure({
    code: "conflict",
    message: `${daemon.name} is too old to release chosen containers (${daemon.version ?? "version unknown"}).`,
    hint: "Release one image to the workload instead, or upgrade the daemon.",
    details: { delivered: false },
  });
}

export function causeOf({ user, message }: { user: string; message: string }): {
  User: string;
  Message: string;
} {
  return { User: user, Message: message };
}

export async function listWorkloads(daemon: FluxDaemon): Promise<FluxWorkload[]> {
  const { client } = daemon;
  return workloadRows(await client.listServices(""), client.version);
}
