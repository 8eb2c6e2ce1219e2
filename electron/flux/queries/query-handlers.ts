import { Failure, type Handlers, parseBoundedJson } from "../../../shared/contract/index.ts";
import { allWorkloads, normalWorkloadId } from "../../../shared/flux/ids.ts";
import type { fluxOperations } from "../../../shared/flux/operations.ts";
import { timestamp } from "../../upstream/evidence.ts";
import { decodeFluxEvent } from "../client/decode-event.ts";
import { imageRows, repositoryOf, workloadRows } from "../client/rows.ts";
import { type CommandParts, calling } from "../commands/command-parts.ts";
import { listWorkloads } from "../commands/release-handlers.ts";
import { followedRef, readSync } from "../session/daemon-facts.ts";
import type { FluxEventStore } from "../session/event-store.ts";
import { cleanExport } from "./export-worker.ts";
import { fieldsWithoutTags, imagesWithTags } from "./image-lists.ts";

type QueryName =
  | "flux.daemons.list"
  | "flux.daemons.get"
  | "flux.workloads.list"
  | "flux.images.list"
  | "flux.export.get"
  | "flux.sync.get"
  | "flux.repo.get"
  | "flux.jobs.get"
  | "flux.events.list"
  | "flux.events.get"
  | "flux.listener.get";

/** Handlers that read; all but the lists of daemons and events ask the daemon itself. */
export function queryHandlers(
  parts: CommandParts,
  events: FluxEventStore,
): Handlers<Pick<typeof fluxOperations, QueryName>> {
  return {
    "flux.daemons.list": ({ connectionId }) => parts.listener(connectionId).rows(),
    "flux.daemons.get": async (input) => {
      const daemon = parts.session(input);
      await daemon.readFacts();
      return daemon.row();
    },
    "flux.workloads.list": async ({ namespace, ...place }) => {
      const daemon = parts.session(place);
      return calling(daemon, async () => {
        if (namespace === "") return listWorkloads(daemon);
        const { client } = daemon;
        return workloadRows(await client.listServices(namespace), client.version);
      });
    },
    "flux.images.list": ({ workload, namespace, tags, ...place }) => {
      const daemon = parts.session(place);
      return calling(daemon, async () => {
        const { client } = daemon;
        const query = {
          spec: normalWorkloadId(workload) || allWorkloads,
          namespace: workload ? "" : namespace,
          fields: tags ? null : fieldsWithoutTags,
        };
        const inParts = tags && workload === "";
        const [images, workloads] = await Promise.all([
          inParts
            ? imagesWithTags(client, { namespace, version: daemon.version })
            : client.listImagesWithOptions(query),
          client.listServices(""),
        ]);
        const rows = imageRows(images, workloads);
        // Daemons before V10 send them all the same.
        return tags ? rows : rows.map((row) => ({ ...row, available: [] }));
      });
    },
    "flux.export.get": async ({ raw, ...place }) => {
      const daemon = parts.session(place);
      const text = await calling(daemon, () => daemon.client.export());
      const fileName = `${daemon.id}.yaml`;
      return { fileName, mediaType: "application/yaml", text: raw ? text : await clean(text, daemon.name) };
    },
    "flux.sync.get": async ({ revision, ...place }) => {
      const daemon = parts.session(place);
      const sync = await calling(daemon, async () => {
        const { client } = daemon;
        return readSync(client, revision || followedRef((await client.gitRepoConfig(false)).remote));
      });
      const { lastSyncAt, lastRevision, errors = [] } = daemon.row().sync ?? {};
      return { ...sync, lastSyncAt, lastRevision, errors, readAt: timestamp(parts) };
    },
    "flux.repo.get": async (place) => {
      const daemon = parts.session(place);
      return calling(daemon, async () =>
        repositoryOf(await daemon.client.gitRepoConfig(false), timestamp(parts)),
      );
    },
    "flux.jobs.get": async ({ jobId, ...place }) => {
      const daemon = parts.session(place);
      return calling(daemon, () => daemon.job(jobId));
    },
    "flux.events.list": ({ connectionId, daemonId, before, limit }) => {
      parts.known(connectionId);
      return events.list({ connectionId, daemonId, before, limit });
    },
    "flux.events.get": ({ connectionId, sequence }) => {
      const kept = events.get(connectionId, sequence);
      if (kept) {
        const { results, commits } = decodeFluxEvent(kept.raw);
        return { event: kept.event, results, commits, raw: parsed(kept.raw) };
      }
      throw new Failure({
        code: "not_found",
        message: `No event ${sequence} is kept.`,
        hint: "Old events are removed.",
      });
    },
    "flux.listener.get": ({ connectionId }) => parts.listener(connectionId).describe(),
  };
}

async function clean(text: string, daemon: string): Promise<string> {
  try {
    return await cleanExport(text);
  } catch (error) {
    throw new Failure({
      code: "upstream_invalid",
      message: `${daemon} exported something that is not written as Kubernetes writes resources.`,
      hint: "Export it raw to see what came.",
      upstream: error instanceof Error ? error.message : undefined,
    });
  }
}

function parsed(raw: string): unknown {
  try {
    return parseBoundedJson(raw);
  } catch {
    return raw;
  }
}
