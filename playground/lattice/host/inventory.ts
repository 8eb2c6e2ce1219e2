import { humanUptime } from "./clock.ts";
import type { HostContext, RunningComponent, RunningProvider } from "./host-context.ts";

function uptime(context: HostContext): { uptime_human: string; uptime_seconds: number } {
  const seconds = Math.max(0, Math.floor((Date.now() - context.state.startedAt) / 1000));
  return { uptime_human: humanUptime(seconds), uptime_seconds: seconds };
}

/** Hosts keep things in hash maps: the order differs from call to call (wasmcloud-control §3.2). */
export function inAnyOrder<T>(things: Iterable<T>): T[] {
  const list = [...things];
  const start = Math.floor(Math.random() * list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}

/** The labels of a host as an object. */
export function labelsOf(context: HostContext): Record<string, string> {
  return Object.fromEntries(inAnyOrder(context.state.labels));
}

function tokenFacts(claims: RunningComponent["claims"]): { name?: string; revision: number } {
  const revision = claims?.revision ?? 0;
  return claims?.name === undefined ? { revision } : { name: claims.name, revision };
}

function describeComponent(context: HostContext, id: string, component: RunningComponent): object {
  return {
    id,
    image_ref: component.reference,
    annotations: component.annotations,
    max_instances: component.count,
    ...tokenFacts(component.claims),
    ...(context.features.limits ? { limits: component.limits } : {}),
  };
}

function describeProvider(id: string, provider: RunningProvider): object {
  return {
    id,
    image_ref: provider.reference,
    annotations: provider.annotations,
    ...tokenFacts(provider.claims),
  };
}

/** The answer to a ping (wasmcloud-control §3.1). */
export function describeHost(context: HostContext): object {
  const { state, settings, features } = context;
  return {
    id: state.id,
    friendly_name: state.friendlyName,
    labels: labelsOf(context),
    lattice: context.lattice.name,
    ...uptime(context),
    version: state.version,
    rpc_host: settings.rpcUrl,
    ctl_host: features.controlHostShowsRpc ? settings.rpcUrl : settings.controlUrl,
    ...(settings.domain === undefined ? {} : { js_domain: settings.domain }),
  };
}

/** The inventory of a host, which is also its heartbeat (wasmcloud-control §3.2). */
export function describeInventory(context: HostContext): object {
  const { state } = context;
  return {
    host_id: state.id,
    friendly_name: state.friendlyName,
    version: state.version,
    ...uptime(context),
    labels: labelsOf(context),
    components: inAnyOrder(state.components).map(([id, component]) =>
      describeComponent(context, id, component),
    ),
    providers: inAnyOrder(state.providers).map(([id, provider]) => describeProvider(id, provider)),
  };
}

/** Reads the inventory when nothing that the host does stands in the way (wasmcloud-control §5.13). */
export function readInventory(context: HostContext): Promise<object> {
  const { components, providers } = context.locks;
  return components.reading(() => providers.reading(() => describeInventory(context)));
}
