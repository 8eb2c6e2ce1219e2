import type { CallContext, CommandExecution, Handlers } from "../../../shared/contract/index.ts";
import { ownValue } from "../../../shared/contract/index.ts";
import type { fluxChangeOperations } from "../../../shared/flux/change-operations.ts";
import { parseImageReference } from "../../../shared/flux/image-reference.ts";
import type { FluxRepository, FluxWorkload } from "../../../shared/flux/schema.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { conflict, readEvidence, timestamp } from "../../upstream/evidence.ts";
import { sentence } from "../client/foreign-text.ts";
import { repositoryOf } from "../client/rows.ts";
import { DaemonApplicationError, daemonFailure, ServerError } from "../client/rpc-errors.ts";
import { isAtLeast } from "../client/semver-range.ts";
import type { Change } from "../client/update-spec.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import { changeExecution, type ReadBack } from "./change-execution.ts";
import { type CommandParts, calling, type OnDaemon, placeOf, requireConnected } from "./command-parts.ts";
import { ImageNotices } from "./image-notices.ts";
import { causeOf, listWorkloads } from "./release-handlers.ts";

type DaemonOperations = Pick<
  typeof fluxChangeOperations,
  "flux.sync.start" | "flux.notify" | "flux.repo.rotate-key"
>;

/** Handlers of what makes a daemon act as a whole. */
export function daemonHandlers(parts: CommandParts): Handlers<DaemonOperations> {
  const notices = new ImageNotices(parts.now);
  return {
    "flux.sync.start": (input, context) => startSync(parts, input, context),
    "flux.notify": async (input) => {
      const daemon = parts.session(input);
      requireConnected(daemon);
      const change = await calling(daemon, () => changeOf(daemon, input.change));
      if (change.Kind === "image") notices.requireRoom(daemon);
      return noticeExecution(parts, daemon, { ...placeOf(input), change, notices });
    },
    "flux.repo.rotate-key": async (input, { earlier }) => rotateKey(parts, placeOf(input), earlier?.reply),
  };
}

async function startSync(
  parts: CommandParts,
  input: OnDaemon & { user: string; message: string },
  context: CallContext,
): Promise<CommandExecution> {
  const daemon = parts.session(input);
  if (!context.reconciling) {
    requireConnected(daemon);
    requireSyncJobs(daemon);
    requireReady(daemon, await calling(daemon, () => readRepository(parts, daemon)));
  }
  return changeExecution(
    parts,
    {
      ...placeOf(input),
      spec: { type: "sync", cause: causeOf(input), spec: {} },
      target: daemonTarget(daemon),
      words: "The daemon has fetched",
      readBack: async (of, job) => {
        if (!job?.revision)
          return { state: "otherwise", message: "Sync again: that is always safe.", data: null };
        return syncReadBack(of, job.revision, await calling(of, () => listWorkloads(of)));
      },
    },
    context,
  );
}

/** A daemon calls a revision applied also where it could not apply all of it (flux-rpc §1.10, §3.1.5). */
function syncReadBack(daemon: FluxDaemon, revision: string, workloads: readonly FluxWorkload[]): ReadBack {
  const errors = daemon.syncs.errorsOf(revision);
  for (const { id, syncError } of workloads) if (syncError !== "") errors.set(id, syncError);
  if (errors.size === 0) return { state: "as-wanted", message: "", data: null };
  const list = [...errors].map(([id, error]) => `${id} (${error.trim()})`).join(", ");
  return { state: "broken", message: `Not everything could be: ${list}.`, data: Object.fromEntries(errors) };
}

/** `sync` jobs came with 1.4.1, under V9 (flux-rpc §3.1.7). */
function requireSyncJobs(daemon: FluxDaemon): void {
  if (daemon.client.version >= 9 && isAtLeast(daemon.version, "1.4.0") !== false) return;
  throw conflict(
    `${daemon.name} is too old for sync jobs (${daemon.version ?? "version unknown"}).`,
    "Notify it of a git change instead: it fetches and applies then too.",
  );
}

/** Refused unless the repository is ready, with the reason (flux-rpc §5.2). */
function requireReady(daemon: FluxDaemon, { status, url, errors }: FluxRepository): void {
  if (status === "ready" || status === "") return;
  const reasons: Record<string, string> = {
    unconfigured: "no repository is configured",
    unreachable: `its repository ${url} cannot be reached: ${errors}`,
  };
  const reason = ownValue(reasons, status) ?? `its repository is not ready: ${errors || status}`;
  throw conflict(
    `${daemon.name} cannot sync: ${sentence(reason)}`,
    "Look at the daemon's repository, its key and its access.",
  );
}

async function readRepository(parts: CommandParts, daemon: FluxDaemon): Promise<FluxRepository> {
  return repositoryOf(await daemon.client.gitRepoConfig(false), timestamp(parts));
}

/** Both default to the daemon's own. A notice of another branch of its own repository is refused, because the daemon would ignore it and answer all the same (flux-rpc §3.10). */
async function changeOf(
  daemon: FluxDaemon,
  change: { kind: "git"; url: string; branch: string } | { kind: "image"; image: string },
): Promise<Change> {
  if (change.kind === "image") {
    const { domain = "", path = "" } = parseImageReference(change.image) ?? {};
    return { Kind: "image", Source: { Name: { Domain: domain, Image: path } } };
  }
  const { remote } = await daemon.client.gitRepoConfig(false);
  const { url = remote.url, branch = remote.branch } = {
    url: change.url || undefined,
    branch: change.branch || undefined,
  };
  if (branch !== remote.branch && isSameRepository(url, remote.url))
    throw conflict(
      `${daemon.name} would ignore this: of its repository it follows ${remote.branch}, and not ${branch}.`,
      "Leave the branch out.",
    );
  return { Kind: "git", Source: { URL: url, Branch: branch } };
}

/** As daemons compare them: host and path, whatever the scheme, the user and a `.git` at the end (flux-rpc §3.10). */
function isSameRepository(left: string, right: string): boolean {
  const bare = (url: string): string =>
    url
      .replace(/^\w+:\/\//, "")
      .replace(/^[^/@]*@/, "")
      .replace(/^([^/:]+):(?!\d+\/)/, "$1/")
      .replace(/(\.git)?\/*$/, "");
  return bare(left) === bare(right);
}

function noticeExecution(
  parts: CommandParts,
  known: FluxDaemon,
  { change, notices, ...place }: OnDaemon & { change: Change; notices: ImageNotices },
): CommandExecution {
  const method = known.client.version >= 9 ? "NotifyChange" : "SyncNotify";
  return commandThrough(parts.door(place), {
    target: daemonTarget(known),
    request: { protocol: "websocket", address: known.id, method: `RPCServer.${method}`, payload: change },
    send: (daemon) =>
      answered(daemon, async () => {
        await notices.tell(daemon, change);
        return { message: "Noted: the daemon looks as soon as it can. It makes no job of this.", reply: {} };
      }),
  });
}

async function rotateKey(parts: CommandParts, place: OnDaemon, reply: unknown): Promise<CommandExecution> {
  const { id, name } = parts.session(place);
  let made = (reply as { publicKey?: string } | undefined)?.publicKey;
  return commandThrough(parts.door(place), {
    target: { kind: "repository", id, label: `repository of ${name}`, hostId: id },
    request: { protocol: "websocket", address: id, method: "RPCServer.GitRepoConfig", payload: true },
    send: (daemon) =>
      answered(daemon, async () => {
        const { publicSSHKey } = await daemon.client.gitRepoConfig(true);
        made = publicSSHKey.key.trim();
        void daemon.readFacts();
        return {
          message: "A new key was made: install it in the repository's host now.",
          reply: { publicKey: made },
        };
      }),
    verify: async (daemon) => {
      const { publicKey } = await calling(daemon, () => readRepository(parts, daemon));
      const message = made
        ? "The daemon shows the new key. It reaches git again when the key is installed there."
        : "The daemon shows this key; whether it is new cannot be determined.";
      const verdict = made === undefined ? "unknown" : made === publicKey ? "verified" : "failed";
      return { verdict, message, evidence: readEvidence(timestamp(parts), message, { publicKey }) };
    },
  });
}

/** The answer itself is the proof; a refusal of the daemon refuses the command. */
async function answered(
  daemon: FluxDaemon,
  call: () => Promise<{ message: string; reply: unknown }>,
): Promise<Awaited<ReturnType<CommandExecution["send"]>>> {
  try {
    return { accepted: true, done: true, ...(await call()) };
  } catch (error) {
    if (error instanceof ServerError || error instanceof DaemonApplicationError)
      return { accepted: false, message: error.message, reply: { error: error.message } };
    throw daemonFailure(error, daemon.name);
  }
}

function daemonTarget(daemon: FluxDaemon): CommandExecution["target"] {
  return { kind: "daemon", id: daemon.id, label: daemon.name, hostId: daemon.id, hostName: daemon.name };
}
