import type { InputFor } from "../../shared/catalogue.ts";
import { curlOf } from "../command/curl-commands.ts";
import type { CopiedCommands } from "../command/wire-commands.ts";
import { type CommandPlace, type ScaleFacts, scalePayload, wireCommands } from "./copy-as.ts";

/** Starts a component on one host: on the wire a scale (wasmcloud-control §2.6). */
export function startComponentCommands(
  place: CommandPlace,
  input: InputFor<"lattice.components.start">,
): CopiedCommands {
  const { hostId, componentId, imageReference, maxInstances = 1, annotations = {}, limits, config } = input;
  const facts = { hostId, componentId, imageReference, maxInstances, annotations, limits, config };
  return {
    ...wireCommands(place, `component.scale.${hostId}`, scalePayload(facts)),
    curl: [curlOf("lattice.components.start", input)],
  };
}

/** Gives a component another image; annotations that are left out would be removed (wasmcloud-control §2.7). */
export function updateCommands(
  place: CommandPlace,
  input: InputFor<"lattice.components.update"> & { annotations: Record<string, string> },
): CopiedCommands {
  const { hostId, componentId, imageReference, annotations } = input;
  const payload = {
    component_id: componentId,
    host_id: hostId,
    new_component_ref: imageReference,
    annotations,
  };
  return {
    ...wireCommands(place, `component.update.${hostId}`, payload),
    curl: [curlOf("lattice.components.update", input)],
  };
}

/** Stops a component on one host and starts it again; other tools have to wait between the two themselves. */
export function restartCommands(
  place: CommandPlace,
  { runningImage, ...facts }: ScaleFacts & { runningImage: string },
): CopiedCommands {
  const { connectionId, lattice } = place;
  const { hostId, componentId, imageReference, maxInstances, annotations, limits, config } = facts;
  const stopped = { ...facts, imageReference: runningImage, maxInstances: 0, config: [] };
  const address = `component.scale.${hostId}`;
  const stop = wireCommands(place, address, scalePayload(stopped));
  const start = wireCommands(place, address, scalePayload(facts));
  const wait = { note: "Wait until the host's inventory no longer lists it, then start it." };
  const input = { connectionId, lattice, hostId, componentId, imageReference, maxInstances };
  const kept = { annotations: { ...annotations }, ...(limits && { limits: { ...limits } }) };
  return {
    wash: [...stop.wash, wait, ...start.wash],
    nats: [...stop.nats, wait, ...start.nats],
    curl: [
      curlOf("lattice.components.restart", { ...input, ...kept, ...(config && { config: [...config] }) }),
    ],
  };
}

/** Starts a provider on one host (wasmcloud-control §2.8). */
export function startProviderCommands(
  place: CommandPlace,
  input: InputFor<"lattice.providers.start">,
): CopiedCommands {
  const { hostId, providerId, imageReference, annotations = {}, config = [] } = input;
  const payload = {
    provider_id: providerId,
    provider_ref: imageReference,
    host_id: hostId,
    config,
    annotations,
  };
  return {
    ...wireCommands(place, `provider.start.${hostId}`, payload),
    curl: [curlOf("lattice.providers.start", input)],
  };
}

/** Stops a provider on one host (wasmcloud-control §2.9). */
export function stopProviderCommands(
  place: CommandPlace,
  input: InputFor<"lattice.providers.stop">,
): CopiedCommands {
  const { hostId, providerId } = input;
  return {
    ...wireCommands(place, `provider.stop.${hostId}`, { host_id: hostId, provider_id: providerId }),
    curl: [curlOf("lattice.providers.stop", input)],
  };
}

/** Shuts a host down; the deadline is in milliseconds on the wire (wasmcloud-control §2.10). */
export function stopHostCommands(place: CommandPlace, input: InputFor<"lattice.hosts.stop">): CopiedCommands {
  const { hostId, timeoutMs } = input;
  const payload = { host_id: hostId, ...(timeoutMs !== undefined && { timeout: timeoutMs }) };
  return {
    ...wireCommands(place, `host.stop.${hostId}`, payload),
    curl: [curlOf("lattice.hosts.stop", input)],
  };
}

/** Sets a label of one host (wasmcloud-control §2.11). */
export function putLabelCommands(place: CommandPlace, input: InputFor<"lattice.labels.put">): CopiedCommands {
  const { hostId, key, value } = input;
  return {
    ...wireCommands(place, `label.put.${hostId}`, { key, value }),
    curl: [curlOf("lattice.labels.put", input)],
  };
}

/** Deletes a label of one host; hosts up to 1.5.0 insist on a value (wasmcloud-control §2.12). */
export function deleteLabelCommands(
  place: CommandPlace,
  input: InputFor<"lattice.labels.delete">,
): CopiedCommands {
  const { hostId, key } = input;
  return {
    ...wireCommands(place, `label.del.${hostId}`, { key, value: "" }),
    curl: [curlOf("lattice.labels.delete", input)],
  };
}

/** Several actions one after the other. */
export function joinCommands(all: readonly CopiedCommands[]): CopiedCommands {
  const lines = (tool: keyof CopiedCommands) => all.flatMap((commands) => commands[tool]);
  return { wash: lines("wash"), nats: lines("nats"), curl: lines("curl") };
}
