import type { ControlRequest, HostContext, Outcome } from "../host/host-context.ts";
import { accepted, answered, refused } from "../host/host-context.ts";
import { illegalKeyText, isLegalKey } from "../host/lattice-state.ts";
import { parseJson, readRequest, toStringMap } from "../host/request-reader.ts";

/** Handles `config.put`: replaces the whole map (wasmcloud-control §2.16). */
export function putConfig(context: HostContext, request: ControlRequest): Outcome {
  const config = readRequest("config data should be a map of string -> string", () =>
    toStringMap(parseJson(request.payload)),
  );
  if (!isLegalKey(request.id)) return { reply: refused("unable to store config data") };
  context.lattice.configs.set(request.id, config);
  context.publish("config_set", { config_name: request.id });
  return { reply: accepted(context, "successfully put config") };
}

/** Handles `config.get`: an absent config is a success without data (wasmcloud-control §2.17). */
export function getConfig(context: HostContext, request: ControlRequest): Outcome {
  if (!isLegalKey(request.id)) {
    return { reply: refused(`${context.features.configErrorPrefix}${illegalKeyText}`) };
  }
  const config = context.lattice.configs.get(request.id);
  // This text, too, is older than the other success texts.
  return { reply: config ? answered(config) : { success: true, message: "Configuration not found" } };
}

/** Handles `config.del`: the event comes even if there was nothing (wasmcloud-control §2.18). */
export function deleteConfig(context: HostContext, request: ControlRequest): Outcome {
  if (!isLegalKey(request.id)) return { reply: refused("Unable to delete config data") };
  context.lattice.configs.delete(request.id);
  context.publish("config_deleted", { config_name: request.id });
  return { reply: accepted(context, "successfully deleted config") };
}
