import type { HostContext } from "../host/host-context.ts";

/** Asks a provider how it is and publishes what a host would make of the answer (wasmcloud-control §4.11). */
export function checkHealth(context: HostContext, id: string): void {
  const provider = context.state.providers.get(id);
  if (!provider || provider.builtin || provider.behaviour === "silent") return;
  const healthy = provider.behaviour === "healthy";
  const changed = healthy ? "health_check_passed" : "health_check_failed";
  const type = healthy === provider.healthy ? "health_check_status" : changed;
  provider.healthy = healthy;
  context.publish(type, { host_id: context.state.id, provider_id: id });
}

/** Checks a provider soon after its start and then periodically. */
export function watchHealth(context: HostContext, id: string, firstMilliseconds: number): void {
  const provider = context.state.providers.get(id);
  if (!provider || provider.builtin) return;
  provider.timers.every(
    context.settings.healthPeriodMilliseconds,
    () => checkHealth(context, id),
    firstMilliseconds,
  );
}

/** Lets a provider's process die; since 1.6 the host starts it again without a word (wasmcloud-control §5.5). */
export function crashProvider(context: HostContext, id: string): void {
  const provider = context.state.providers.get(id);
  if (!provider) throw new Error(`no provider ${id} on ${context.state.friendlyName}`);
  const before = provider.behaviour === "silent" ? "healthy" : provider.behaviour;
  provider.behaviour = "silent";
  if (!context.features.providerRestart) return;
  provider.timers.after(context.settings.providerRestartMilliseconds, () => {
    provider.behaviour = before;
  });
}
