import type { ControlRequest, HostContext, Outcome } from "../host/host-context.ts";
import { accepted, answered, refused } from "../host/host-context.ts";
import { inAnyOrder } from "../host/inventory.ts";
import type { ComponentSpec, Link } from "../host/lattice-state.ts";
import { illegalKeyText, isLegalKey } from "../host/lattice-state.ts";
import { RequestReader, readRequest } from "../host/request-reader.ts";
import { isSecret } from "./named-config.ts";

const malformed = "failed to deserialize wrpc link definition";

function readLink(payload: Uint8Array): Link {
  const body = new RequestReader(payload);
  return {
    source_id: body.string("source_id"),
    target: body.string("target"),
    name: body.string("name", "default"),
    wit_namespace: body.string("wit_namespace"),
    wit_package: body.string("wit_package"),
    interfaces: body.strings("interfaces"),
    source_config: body.strings("source_config", []),
    target_config: body.strings("target_config", []),
  };
}

type LinkKey = Pick<Link, "source_id" | "name" | "wit_namespace" | "wit_package">;

function sameKey(left: LinkKey, right: LinkKey): boolean {
  return (
    left.source_id === right.source_id &&
    left.name === right.name &&
    left.wit_namespace === right.wit_namespace &&
    left.wit_package === right.wit_package
  );
}

/** Versions before 1.1 resolve the configs instead of validating their names (wasmcloud-control §2.13). */
function configProblem(context: HostContext, link: Link): string | undefined {
  const missing = [...link.source_config, ...link.target_config].filter(
    (name) => !context.lattice.configs.has(name),
  );
  if (missing.length === 0) return undefined;
  if (!context.features.linkNamesValidated) return "failed to resolve link config for provider";
  const sentences = missing.map(
    (name) => `${isSecret(name) ? "Secret reference" : "Configuration"} ${name} not found in config store. `,
  );
  return `Failed to validate configuration and secrets. ${sentences.join("")}`;
}

function conflict(context: HostContext, links: readonly Link[], link: Link): string | undefined {
  const rule = context.features.linkConflictRule;
  if (rule === "none") return undefined;
  const shares = (other: Link): boolean =>
    rule === "target" || other.interfaces.some((each) => link.interfaces.includes(each));
  const rival = links.some((other) => sameKey(other, link) && other.target !== link.target && shares(other));
  if (!rival) return undefined;
  return "link already exists with different target, consider deleting the existing link or using a different link name";
}

interface Problem {
  message: string;
  /** The rest of the error chain, which only the event tells. */
  cause?: string;
}

function linkProblem(context: HostContext, spec: ComponentSpec, link: Link): Problem | undefined {
  const missing = configProblem(context, link);
  if (missing !== undefined) return { message: missing };
  if (!isLegalKey(`COMPONENT_${link.source_id}`))
    return { message: "failed to get component spec", cause: illegalKeyText };
  const message = conflict(context, spec.links, link);
  return message === undefined ? undefined : { message };
}

function refuseLink(context: HostContext, link: Link, { message, cause }: Problem): Outcome {
  const error = cause === undefined ? message : `${message}: ${cause}`;
  if (context.features.linkFailureEvent) context.publish("linkdef_set_failed", { ...link, error });
  return { reply: refused(message) };
}

function withLink(links: readonly Link[], link: Link): Link[] {
  const place = links.findIndex((other) => sameKey(other, link) && other.target === link.target);
  return place < 0 ? [...links, link] : links.map((other, index) => (index === place ? link : other));
}

/**
 * Writes back what was read some time before, without a look at what others wrote meanwhile: parallel changes of one
 * source lose each other (wasmcloud-control §5.7). Tells whether the host lived to do it.
 */
async function writeBack(context: HostContext, source: string, spec: ComponentSpec): Promise<boolean> {
  if (!(await context.timers.delay(context.settings.storeGapMilliseconds))) return false;
  context.lattice.putSpec(source, spec);
  return true;
}

/** Handles `link.put` (wasmcloud-control §2.13). */
export async function putLink(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const link = readRequest(malformed, () => readLink(request.payload));
  const spec = context.lattice.specs.get(link.source_id) ?? { url: "", links: [] };
  const problem = linkProblem(context, spec, link);
  if (problem) return refuseLink(context, link, problem);
  const stored = { ...spec, links: withLink(spec.links, link) };
  if (!(await writeBack(context, link.source_id, stored))) return {};
  for (const name of [...link.source_config, ...link.target_config]) context.state.usedConfigs.add(name);
  if (context.features.linkPutUpdatesOwnCache) context.cache.specs.set(link.source_id, stored);
  context.publish("linkdef_set", link);
  return { reply: accepted(context, "successfully set link") };
}

function readKey(payload: Uint8Array): LinkKey {
  const body = new RequestReader(payload);
  return {
    source_id: body.string("source_id"),
    name: body.string("name", "default"),
    wit_namespace: body.string("wit_namespace"),
    wit_package: body.string("wit_package"),
  };
}

/** Removes the first match by moving the last link into its place (wasmcloud-control §5.7). */
function withoutLink(links: readonly Link[], place: number): Link[] {
  const last = links.at(-1) as Link;
  const rest = links.slice(0, -1);
  return place < rest.length ? rest.map((link, index) => (index === place ? last : link)) : rest;
}

/** Handles `link.del` (wasmcloud-control §2.14). */
export async function deleteLink(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const key = readRequest(malformed, () => readKey(request.payload));
  if (!isLegalKey(`COMPONENT_${key.source_id}`)) return { reply: refused("failed to get component spec") };
  const spec = context.lattice.specs.get(key.source_id);
  if (!spec) return { reply: accepted(context, "successfully deleted link (spec doesn't exist)") };
  const place = spec.links.findIndex((link) => sameKey(link, key));
  const removed = spec.links[place];
  if (removed) {
    const stored = { ...spec, links: withoutLink(spec.links, place) };
    if (!(await writeBack(context, key.source_id, stored))) return {};
    if (context.features.linkDeleteUpdatesOwnCache) context.cache.specs.set(key.source_id, stored);
  }
  const shown = removed && context.features.linkDeletedTarget;
  const details = shown ? { target: removed.target, interfaces: removed.interfaces } : {};
  context.publish("linkdef_deleted", { ...key, ...details });
  return { reply: accepted(context, "successfully deleted link") };
}

/** Handles `link.get` from this host's copy of the links (wasmcloud-control §2.15). */
export function getLinks(context: HostContext): Outcome {
  return { reply: answered(inAnyOrder(context.cache.links())) };
}
