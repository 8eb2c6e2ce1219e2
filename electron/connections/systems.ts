import type {
  ConnectionProfile,
  Diagnosis,
  Secrets,
  TargetSettings,
} from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { requireHeaderName } from "./headers.ts";
import { usesWebsocket } from "./nats-options.ts";
import type { AnySystemModule, SystemModules } from "./system-module.ts";
import { requireLocalFiles } from "./target-files.ts";

/** The module of a system. Throws `not_found` where this build has none. */
export function moduleOf(
  modules: SystemModules,
  { system }: Pick<ConnectionProfile, "system">,
): AnySystemModule {
  // A module is only ever handed targets of the system that it stands under.
  const module: AnySystemModule | undefined = modules[system];
  if (module) return module;
  throw new Failure({
    code: "not_found",
    message: `This version does not support ${system}.`,
    hint: "Use a build of the console that has it.",
  });
}

/** Throws `invalid_input` for settings that contradict themselves, or may not be, beyond what their schema can tell. */
export function checkTarget(settings: TargetSettings): void {
  requireLocalFiles(settings);
  if (settings.system === "forge") requireHeaderName(settings.target);
  if (settings.system === "lattice") usesWebsocket(settings.target.addresses);
}

/** Tries settings step by step with the secrets that they use. Throws as `checkTarget` does. */
export async function diagnoseTarget(
  modules: SystemModules,
  settings: TargetSettings,
  secrets: Secrets,
): Promise<Diagnosis> {
  checkTarget(settings);
  return moduleOf(modules, settings).diagnose({ target: settings.target as never, secrets });
}
