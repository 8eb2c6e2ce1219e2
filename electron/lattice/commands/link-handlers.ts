import type { Acknowledgement, CommandExecution, Handlers } from "../../../shared/contract/index.ts";
import type { linkOperations } from "../../../shared/lattice/link-operations.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { conflict, timestamp } from "../../upstream/evidence.ts";
import { describeRequest } from "../client/control-commands.ts";
import { deleteLinkRequest, putLinkRequest } from "../client/control-lattice-commands.ts";
import type { ControlReply } from "../client/control-types.ts";
import type { LatticeSession } from "../session/lattice-session.ts";
import { type CommandParts, over, type Place, readBefore, readPatiently } from "./command-parts.ts";
import { latticeCommand } from "./lattice-command.ts";
import * as plan from "./link-plan.ts";
import { allStrict, linkHosts } from "./link-rules.ts";

type LinkOperations = Omit<typeof linkOperations, "lattice.links.list">;

/** Handlers that store and delete links. */
export function linkHandlers(parts: CommandParts): Handlers<LinkOperations> {
  return {
    "lattice.links.preview-put": async ({ connectionId, lattice: name, ...link }) => {
      const lattice = parts.session({ connectionId, lattice: name });
      return plan.planLink(link, {
        links: await readLinks(lattice),
        ids: runningIds(lattice),
        hosts: linkHosts(lattice.hosts()),
      });
    },
    "lattice.links.put": async ({ connectionId, lattice: name, ...link }, { reconciling = false }) => {
      const place = { connectionId, lattice: name };
      if (!reconciling) await refuseConflict(parts.session(place), link);
      return put(parts, place, link);
    },
    "lattice.links.preview-delete": async ({ connectionId, lattice: name, ...key }) => {
      const lattice = parts.session({ connectionId, lattice: name });
      return plan.planLinkDeletion(await linksOf(lattice, key), runningIds(lattice));
    },
    "lattice.links.delete": async ({ connectionId, lattice: name, ...key }, { reconciling = false }) => {
      const place = { connectionId, lattice: name };
      const before = reconciling ? undefined : await readBefore(() => linksOf(parts.session(place), key));
      return remove(parts, place, { key, before });
    },
  };
}

function put(parts: CommandParts, place: Place, link: LinkRow): CommandExecution {
  const known = parts.session(place);
  return latticeCommand(parts, place, {
    target: targetOf(known, link, `${link.sourceId} to ${link.target}`),
    request: describeRequest(putLinkRequest(known.client.scope, link)),
    send: (lattice) =>
      oneByOne(parts, lattice, link, async () => putAnswer(lattice, await lattice.client.putLink(link))),
    evidence: {
      waitMs: parts.waits.warmMs,
      find: (event) => plan.linkPutFinding(link, event, timestamp(parts)),
    },
    verify: (lattice) =>
      readPatiently(
        async () => plan.linkPutVerdict(link, await readLinks(lattice), timestamp(parts)),
        ({ verdict }) => verdict === "verified",
      ),
  });
}

function remove(
  parts: CommandParts,
  place: Place,
  deletion: { key: plan.LinkKeyFields; before: readonly LinkRow[] | undefined },
): CommandExecution {
  const { key, before } = deletion;
  const known = parts.session(place);
  let removedTarget: string | undefined;
  return latticeCommand(parts, place, {
    target: targetOf(known, key, `of ${key.sourceId}`),
    request: describeRequest(deleteLinkRequest(known.client.scope, key)),
    // Success is also the answer where nothing was removed (wasmcloud-control trap 16).
    send: (lattice) => oneByOne(parts, lattice, key, async () => over(await lattice.client.deleteLink(key))),
    evidence: {
      waitMs: parts.waits.warmMs,
      find: (event) => {
        const finding = plan.linkDeleteFinding(key, event, timestamp(parts));
        if (finding && event.type === "linkdef_deleted") removedTarget ??= event.target;
        return finding;
      },
    },
    verify: async (lattice) => {
      const after = await readPatiently(
        () => linksOf(lattice, key),
        (links) => links.length < (before?.length ?? 1) || before?.length === 0,
      );
      return plan.linkDeleteVerdict({ before, after, removedTarget }, timestamp(parts));
    },
  });
}

/** Changes of one source at once lose each other on the host, each with its success (wasmcloud-control §2.13, trap 46). */
function oneByOne<T>(
  parts: CommandParts,
  lattice: LatticeSession,
  { sourceId }: { sourceId: string },
  send: () => Promise<T>,
): Promise<T> {
  return parts.linkQueues.run(JSON.stringify([lattice.connectionId, lattice.lattice, sourceId]), send);
}

/** A refusal by the rule of one version says nothing of the hosts of another. */
function putAnswer(lattice: LatticeSession, reply: ControlReply): Acknowledgement {
  const answer = over(reply);
  const hosts = linkHosts(lattice.hosts());
  const isRule = answer.message.startsWith("link already exists");
  if (answer.accepted || !isRule || hosts.strict === 0 || allStrict(hosts)) return answer;
  return { ...answer, message: `${answer.message}. A host of another version may take it: send it again.` };
}

function runningIds(lattice: LatticeSession): ReadonlySet<string> {
  return new Set([...lattice.components(), ...lattice.providers()].map(({ id }) => id));
}

function targetOf(
  lattice: LatticeSession,
  key: plan.LinkKeyFields,
  label: string,
): CommandExecution["target"] {
  const id = [key.sourceId, key.witNamespace, key.witPackage, key.name].join("|");
  return { kind: "link", id, label: `Link ${label}`, lattice: lattice.client.lattice };
}

/** Reads the links from a host, not from what was last heard; the list of links shows what was read. */
async function readLinks(lattice: LatticeSession): Promise<LinkRow[]> {
  return [...(await lattice.readLinks())];
}

async function linksOf(lattice: LatticeSession, key: plan.LinkKeyFields): Promise<LinkRow[]> {
  return (await readLinks(lattice)).filter((link) => plan.sameKey(link, key));
}

/** Hosts before 1.3 would take a contradiction, later ones refuse it without saying what stands in the way. */
async function refuseConflict(lattice: LatticeSession, link: LinkRow): Promise<void> {
  const rival = await readPatiently(
    async () => {
      const links = await readBefore(() => readLinks(lattice));
      return plan.certainConflict(link, { links, hosts: linkHosts(lattice.hosts()) });
    },
    (found) => found === undefined,
    [150],
  );
  if (!rival) return;
  throw conflict(plan.conflictText(link, rival), "Delete that link first, or use another link name.", {
    conflicting: rival,
  });
}
