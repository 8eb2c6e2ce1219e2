import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { formatCount } from "../../ui/format.ts";
import { maxText, unbounded } from "../component-groups.ts";

/** How the number in the dialog is meant. */
export type ScaleMode = "per-host" | "total";

export interface ScalePlan {
  mode: ScaleMode;
  /** What the person typed. */
  text: string;
}

export type ParsedCount = { ok: true; count: number } | { ok: false; message: string };

/** Reads a number of instances as typed; the message is for the field. */
export function parseCount(text: string): ParsedCount {
  const plain = text.trim().replaceAll(/[,_\s]/g, "");
  if (plain === "") return { ok: false, message: "How many instances?" };
  if (plain.toLowerCase() === "unbounded") return { ok: true, count: unbounded };
  if (/^-\d/.test(plain)) return { ok: false, message: "Not below 0; 0 stops the component." };
  if (/^\d*[.]\d+$/.test(plain)) return { ok: false, message: "A whole number: instances cannot be split." };
  if (!/^\d+$/.test(plain)) return { ok: false, message: "Write a whole number, or unbounded." };
  const count = Number(plain);
  if (count > unbounded) return { ok: false, message: "At most 4294967295, which means unbounded." };
  return { ok: true, count };
}

/** Splits a total as evenly as whole numbers allow; the first hosts take what is left over. */
export function splitTotal(total: number, hosts: number): number[] {
  if (hosts <= 0) return [];
  const share = Math.floor(total / hosts);
  const left = total - share * hosts;
  return Array.from({ length: hosts }, (_, index) => share + (index < left ? 1 : 0));
}

/** What each host would be asked for, in the order of `hosts`; unbounded is unbounded on each. */
export function countsFor(mode: ScaleMode, count: number, hosts: number): number[] {
  if (mode === "total" && count < unbounded) return splitTotal(count, hosts);
  return Array.from({ length: hosts }, () => count);
}

/** Why a plan must not be sent although its number is a good one; undefined when there is nothing to say. */
export function planWarning(mode: ScaleMode, count: number, hosts: number): string | undefined {
  if (mode !== "total" || count === 0 || count >= hosts) return undefined;
  const stopped = hosts - count;
  return `${count} cannot be split over ${hosts} hosts without stopping it on ${stopped}.`;
}

interface ButtonFacts {
  component: string;
  mode: ScaleMode;
  /** Absent while what is typed is no number. */
  count: number | undefined;
  hosts: readonly Pick<ComponentRow, "hostName">[];
}

/** What the button says: exactly what it will do. */
export function buttonText({ component, mode, count, hosts }: ButtonFacts): string {
  const [only] = hosts;
  const where = hosts.length === 1 && only ? only.hostName : `${formatCount(hosts.length)} hosts`;
  if (count === undefined) return `Scale ${component} on ${where}`;
  if (count === 0) return `Stop ${component} on ${where}`;
  const total = mode === "total" && hosts.length > 1 && count < unbounded;
  if (total) return `Scale ${component} to ${maxText(count)} in total on ${where}`;
  return `Scale ${component} to ${maxText(count)} on ${where}`;
}
