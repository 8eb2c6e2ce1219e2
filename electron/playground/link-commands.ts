import type { ControlRequest, HostContext, Outcome } from "./host-context.ts";
import { accepted, answered, refused } from "./host-context.ts";
import { inAnyOrder } from "./inventory.ts";
import type { ComponentSpec, Link } from "./lattice-state.ts";
import { isLegalKey } from "./lattice-state.ts";
import { isSecret } from "./named-config.ts";
import { RequestReader, readRequest } from "./request-reader.ts";

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
  const rival = links.some(
    (other) =>
      sameKey(other, link) &&
      other.target !== link.target &&
      other.interfaces.some((each) => link.interfaces.includes(each)),
  );
  if (!context.features.linkConflictRule || !rival) return undefined;
  return "link already exists with different target, consider deleting the existing link or using a different link name";
}

function linkProblem(context: HostContext, spec: ComponentSpec, link: Link): string | undefined {
  const problem = configProblem(context, link);
  if (problem !== undefined) return problem;
  if (!isLegalKey(`COMPONENT_${link.source_id}`)) return "failed to get component spec";
  return conflict(context, spec.links, link);
}

/** Handles `link.put` (wasmcloud-control §2.13). */
export function putLink(context: HostContext, request: ControlRequest): Outcome {
  const link = readRequest(malformed, () => readLink(request.payload));
  const spec = context.lattice.specs.get(link.source_id) ?? { url: "", links: [] };
  const problem = linkProblem(context, spec, link);
  if (problem !== undefined) {
    if (context.features.linkFailureEvent) context.publish("linkdef_set_failed", { ...link, error: problem });
    return { reply: refused(problem) };
  }
  const place = spec.links.findIndex((other) => sameKey(other, link) && other.target === link.target);
  const links =
    place < 0 ? [...spec.links, link] : spec.links.map((other, index) => (index === place ? link : other));
  const stored = { ...spec, links };
  context.lattice.putSpec(link.source_id, stored);
  if (context.features.linkPutUpdatesOwnCache) context.cache.specs.set(link.source_id, stored);
  context.publish("linkdef_set", link);
  return { reply: accepted(context, "successfully set link") };
}

/** Handles `link.del`: removes the first match by moving the last link into its place (wasmcloud-control §2.14, §5.7). */
export function deleteLink(context: HostContext, request: ControlRequest): Outcome {
  const key = readRequest(malformed, (): LinkKey => {
    const body = new RequestReader(request.payload);
    return {
      source_id: body.string("source_id"),
      name: body.string("name", "default"),
      wit_namespace: body.string("wit_namespace"),
      wit_package: body.string("wit_package"),
    };
  });
  const spec = context.lattice.specs.get(key.source_id);
  if (!spec) return { reply: accepted(context, "successfully deleted link (spec doesn't exist)") };
  const links = [...spec.links];
  const place = links.findIndex((link) => sameKey(link, key));
  const removed = links[place];
  if (removed) {
    const last = links.pop() as Link;
    if (place < links.length) links[place] = last;
    const stored = { ...spec, links };
    context.lattice.putSpec(key.source_id, stored);
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
