import type { Diagnosis, Secrets, TargetSettings } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { diagnose } from "./diagnosis.ts";
import { requireHeaderName } from "./headers.ts";
import { usesWebsocket } from "./nats-options.ts";
import type { DrivenSystem, SystemDriver, SystemDrivers } from "./system-driver.ts";
import { requireLocalFiles } from "./target-files.ts";

/** The driver of a system; undefined where this build has none. */
export function driverOf(drivers: SystemDrivers, system: DrivenSystem): SystemDriver | undefined {
  // A driver is only ever handed targets of the system that it stands under.
  return drivers[system] as SystemDriver | undefined;
}

/** Throws `not_found` where this build has no driver for a system. */
export function requireDriver(driver: SystemDriver | undefined, system: DrivenSystem): SystemDriver {
  if (driver) return driver;
  throw new Failure({
    code: "not_found",
    message: `This console has no part for connections to ${system}.`,
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
  drivers: SystemDrivers,
  settings: TargetSettings,
  secrets: Secrets,
): Promise<Diagnosis> {
  checkTarget(settings);
  if (settings.system === "lattice") return diagnose({ target: settings.target, secrets });
  const driver = requireDriver(driverOf(drivers, settings.system), settings.system);
  return driver.diagnose({ target: settings.target, secrets });
}
