import type { ControlRequest, HostContext, Outcome, RunningProvider } from "../host/host-context.ts";
import { accepted, eventHost, refused } from "../host/host-context.ts";
import { RequestReader, readRequest } from "../host/request-reader.ts";

/** Handles `provider.stop`: the event goes out before the reply (wasmcloud-control §2.9). */
export async function stopProvider(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const { id, bodyHostId } = readRequest("failed to deserialize provider stop command", () => {
    const body = new RequestReader(request.payload, { provider_ref: "provider_id" });
    return { id: body.string("provider_id", ""), bodyHostId: body.string("host_id", "") };
  });
  return context.locks.providers.writing(() => endProvider(context, id, bodyHostId));
}

/** A process that does not answer is given some time before it is killed. */
function shutdownTime({ settings }: HostContext, provider: RunningProvider): number {
  if (provider.behaviour === "silent") return settings.providerShutdownLimitMilliseconds;
  return settings.providerShutdownMilliseconds;
}

async function endProvider(context: HostContext, id: string, bodyHostId: string): Promise<Outcome> {
  const provider = context.state.providers.get(id);
  if (!provider) return { reply: refused("provider with that ID is not running") };
  context.state.providers.delete(id);
  provider.timers.close();
  if (!(await context.timers.delay(shutdownTime(context, provider)))) return {};
  context.publish("provider_stopped", {
    host_id: eventHost(context, bodyHostId),
    provider_id: id,
    annotations: provider.annotations,
    reason: "stop",
    instance_id: id,
    public_key: id,
    link_name: "default",
  });
  return { reply: accepted(context, "successfully stopped provider") };
}
