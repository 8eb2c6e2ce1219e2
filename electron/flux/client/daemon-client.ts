import type { z } from "zod";
import { allWorkloads, parseWorkloadId } from "../../../shared/flux/ids.ts";
import type { ProtocolVersion } from "../../../shared/flux/schema.ts";
import { checkedIds, normaliseStatus, notImplemented, requireKinds } from "./compat.ts";
import { clip, readableText, textLimits } from "./foreign-text.ts";
import { timeForTags, withComputedImages } from "./image-order.ts";
import type { RpcConnection } from "./rpc-connection.ts";
import { CallTimeout, DaemonApplicationError, FatalError, ServerError } from "./rpc-errors.ts";
import type { Change, UpdateSpec } from "./update-spec.ts";
import * as wire from "./wire.ts";

/** How long answers are waited for, in milliseconds. */
export interface CallTimes {
  /** Ordinary calls; daemons give up after 10 s by themselves (flux-rpc §1.1). */
  defaultMs: number;
  /** Calls that may list a whole cluster. */
  listMs: number;
  /** A dry run works inside the call: up to the daemon's `--sync-timeout`, a minute by default and five where it was raised for many workloads (flux-rpc §3.9). */
  planMs: number;
}

export const defaultTimes: CallTimes = { defaultMs: 12_000, listMs: 30_000, planMs: 330_000 };

/** Fields of a container that a list of images can be limited to (flux-rpc §3.1.4). */
export const containerFields = [
  "Name",
  "Current",
  "LatestFiltered",
  "Available",
  "AvailableError",
  "AvailableImagesCount",
  "NewAvailableImagesCount",
  "FilteredImagesCount",
  "NewFilteredImagesCount",
] as const;

/** So many workloads' images are asked for at once of a daemon that sends every tag. */
const listedAtOnce = 50;

export interface ImagesQuery {
  /** A workload, or `<all>`. */
  spec: string;
  /** Only with `<all>`; empty: all namespaces. */
  namespace: string;
  fields?: readonly string[] | null;
}

/** The calls of one connected daemon, in the version of the path that it dialled (flux-rpc §2.7, §3). */
export class DaemonClient {
  constructor(
    private readonly rpc: RpcConnection,
    readonly version: ProtocolVersion,
    private readonly times: CallTimes = defaultTimes,
  ) {}

  async ping(): Promise<void> {
    await this.bare("Ping", {}, wire.wireNothing);
  }

  /** The daemon's own version; `unknown` where it has no such call. */
  async daemonVersion(): Promise<string> {
    try {
      return clip(await this.bare("Version", {}, wire.wireText), textLimits.name);
    } catch (error) {
      if (error instanceof ServerError && error.message.startsWith("rpc: can't find method"))
        return "unknown";
      throw error;
    }
  }

  /** The YAML of the cluster's workloads. */
  async export(): Promise<string> {
    const encoded = await this.value("Export", {}, wire.wireText, this.times.listMs);
    return Buffer.from(encoded, "base64").toString("utf8");
  }

  async listServices(namespace: string): Promise<wire.WireWorkload[]> {
    const workloads = await this.value("ListServices", namespace, wire.wireWorkloads, this.times.listMs);
    return workloads.map(normaliseStatus);
  }

  /** Composed of `ListServices` on every version, because no daemon has this method (flux-rpc §3.6). */
  async listServicesWithOptions(options: {
    namespace: string;
    services: readonly string[];
  }): Promise<wire.WireWorkload[]> {
    const { namespace, services } = options;
    if (namespace !== "" && services.length > 0)
      throw localError("cannot filter by 'namespace' and 'services' at the same time");
    requireKinds(this.version, services, "unsupported");
    const workloads = await this.listServices(namespace);
    return services.length === 0 ? workloads : workloads.filter(({ ID }) => services.includes(ID));
  }

  async listImages(spec: string): Promise<wire.WireImages> {
    requireKinds(this.version, [spec]);
    return this.value("ListImages", spec, wire.wireImages, this.times.listMs);
  }

  /** Sent from V10 on, composed of older calls before (flux-rpc §3.8). */
  async listImagesWithOptions({ spec, namespace, fields = null }: ImagesQuery): Promise<wire.WireImages> {
    if (namespace !== "" && spec !== allWorkloads)
      throw localError("cannot filter by 'namespace' and 'workload' at the same time");
    requireKinds(this.version, [spec]);
    for (const field of fields ?? []) {
      if (!(containerFields as readonly string[]).includes(field))
        throw localError(`${field} is an invalid field`);
    }
    if (this.version < 10) return this.composedImages(spec, namespace);
    const options = { Spec: spec, OverrideContainerFields: fields, Namespace: namespace };
    const images = await this.value("ListImagesWithOptions", options, wire.wireImages, this.times.listMs);
    // Daemons before 1.11 ignore the namespace.
    return inNamespace(images, namespace);
  }

  /** Queues a change, or works a plan out at once; answers with the job's id (flux-rpc §3.9). */
  updateManifests(update: UpdateSpec): Promise<string> {
    requireKinds(this.version, checkedIds(update));
    const plan = "Kind" in update.spec && update.spec.Kind === "plan";
    if (!plan) return this.value("UpdateManifests", update, wire.wireText);
    return this.value("UpdateManifests", update, wire.wireText, this.times.planMs).catch((error: unknown) => {
      throw error instanceof CallTimeout ? new CallTimeout(error.message, stillPlanning) : error;
    });
  }

  /** Tells that something changed; before V9 only a git change, as `SyncNotify` (flux-rpc §3.10). */
  async notifyChange(change: Change): Promise<void> {
    if (this.version >= 9) await this.acknowledgement("NotifyChange", change);
    else if (change.Kind === "git") await this.syncNotify();
    else throw notImplemented("NotifyChange");
  }

  /** Only V6 to V8 daemons have it (flux-rpc §3.11). */
  async syncNotify(): Promise<void> {
    await this.acknowledgement("SyncNotify", {});
  }

  jobStatus(jobId: string): Promise<wire.WireJob> {
    return this.value("JobStatus", jobId, wire.wireJob);
  }

  syncStatus(ref: string): Promise<string[]> {
    return this.value("SyncStatus", ref, wire.wireRevisions);
  }

  /** Reads the git configuration, after making a new SSH key where wanted (flux-rpc §3.14). */
  gitRepoConfig(regenerate: boolean): Promise<wire.WireRepository> {
    return this.value("GitRepoConfig", regenerate, wire.wireRepository);
  }

  private async composedImages(spec: string, namespace: string): Promise<wire.WireImages> {
    const workloads = await this.listServices(parseWorkloadId(spec)?.namespace ?? namespace);
    const images = await this.imagesOf(spec, workloads);
    const policies = new Map(workloads.map(({ ID, Policies }) => [ID, Policies]));
    const time = timeForTags();
    const computed: wire.WireImages = [];
    for (const { ID, Containers } of images) {
      const containers: wire.WireContainer[] = [];
      for (const container of Containers) {
        const pattern = policies.get(ID)?.[`tag.${container.Name}`] ?? "glob:*";
        containers.push(await withComputedImages(container, pattern, time));
      }
      computed.push({ ID, Containers: containers });
    }
    return inNamespace(computed, namespace);
  }

  /** With every tag, which these versions always send: where workloads are many, one after the other (flux-rpc §3.7). */
  private async imagesOf(spec: string, workloads: readonly wire.WireWorkload[]): Promise<wire.WireImages> {
    if (spec !== allWorkloads || workloads.length <= listedAtOnce) return this.listImages(spec);
    const images: wire.WireImages = [];
    for (const { ID } of workloads)
      images.push(...(await this.value("ListImages", ID, wire.wireImages, this.times.listMs)));
    return images;
  }

  private async acknowledgement(method: string, argument: unknown): Promise<void> {
    const answer = await this.rpc.call(method, argument, this.times.defaultMs);
    if (this.version > 6) this.throwApplicationError(answer, method);
  }

  private async bare<T extends z.ZodType>(
    method: string,
    argument: unknown,
    schema: T,
  ): Promise<z.output<T>> {
    return this.decode(method, await this.rpc.call(method, argument, this.times.defaultMs), schema);
  }

  /** V6 answers with the value, later versions with the union of value and application error (flux-rpc §2.6). */
  private async value<T extends z.ZodType>(
    method: string,
    argument: unknown,
    schema: T,
    timeoutMs = this.times.defaultMs,
  ): Promise<z.output<T>> {
    const bare = this.version === 6;
    const answer = await this.rpc.call(method, argument, timeoutMs, bare);
    if (bare) return this.decode(method, answer, schema);
    this.throwApplicationError(answer, method);
    return this.decode(method, (answer as { Result?: unknown }).Result, schema);
  }

  private throwApplicationError(answer: unknown, method: string): void {
    if (typeof answer !== "object" || answer === null || !("ApplicationError" in answer))
      throw this.mismatch(method, "the union of result and application error is missing");
    const { ApplicationError: error } = answer;
    if (error === null || error === undefined) return;
    const data = wire.wireApplicationError.safeParse(error);
    if (!data.success) throw this.mismatch(method, "the application error is not one");
    throw new DaemonApplicationError(data.data, "Result" in answer ? answer.Result : undefined);
  }

  private decode<T extends z.ZodType>(method: string, value: unknown, schema: T): z.output<T> {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw this.mismatch(method, `${issue?.path.join(".") || "result"}: ${issue?.message}`);
  }

  /** A wrong shape ends the connection, as it does between Go ends (flux-rpc §2.5). */
  private mismatch(method: string, what: string): FatalError {
    const error = new FatalError("garbage", `reading the answer to ${method}: ${readableText(what)}`);
    this.rpc.fail(error);
    return error;
  }
}

/** Nothing stops a dry run, and while it works the daemon does not connect anew (flux-rpc §1.8). */
const stillPlanning =
  "It is still working on the dry run, which commits nothing. If its connection is lost meanwhile, it comes back only when that is done. Name fewer workloads.";

function inNamespace(images: wire.WireImages, namespace: string): wire.WireImages {
  if (namespace === "") return images;
  return images.filter(({ ID }) => parseWorkloadId(ID)?.namespace === namespace);
}

function localError(error: string): DaemonApplicationError {
  return new DaemonApplicationError({ type: "user", help: error, error }, undefined);
}
