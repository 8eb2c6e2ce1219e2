import type { HostRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";

/** Who may answer a put: any host, and each by the rule of its own version (wasmcloud-control §2.13). */
export interface LinkHosts {
  total: number;
  /** Hosts that refuse a second target under one name, whatever the interfaces: 1.3.0 to 1.4.2. */
  strict: number;
  /** Hosts of unknown version. */
  unknown: number;
}

/** Counts the hosts that may answer by their rule. */
export function linkHosts(hosts: readonly Pick<HostRow, "version" | "status">[]): LinkHosts {
  const present = hosts.filter(({ status }) => status === "live" || status === "stale");
  return {
    total: present.length,
    strict: present.filter(({ version }) => isStrict(version)).length,
    unknown: present.filter(({ version }) => isAtLeast(version, "1.3.0") === undefined).length,
  };
}

/** Whether each host that may answer refuses a second target under one name. */
export function allStrict({ total, strict }: LinkHosts): boolean {
  return total > 0 && strict === total;
}

/** What has to be known of a second target under one name; undefined where no host refuses it. */
export function secondTargetWarning({ total, strict, unknown }: LinkHosts): string | undefined {
  if (strict + unknown === 0) return undefined;
  const who =
    strict > 0 ? `${strict} of ${total} hosts here are such` : `the version of ${unknown} is not known`;
  return `Hosts 1.3.0 to 1.4.2 refuse a second target under one name, whatever the interfaces; ${who}. Any host may answer: use another link name to be sure.`;
}

function isStrict(version: string): boolean {
  return isAtLeast(version, "1.3.0") === true && isAtLeast(version, "1.5.0") === false;
}
