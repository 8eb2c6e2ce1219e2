import { randomBytes } from "node:crypto";

let counter = 0;

/** Ids sort by time, also within one millisecond. */
export function newActivityId(now: number): string {
  counter = (counter + 1) % 46_656;
  return `${now.toString(36).padStart(9, "0")}${counter.toString(36).padStart(3, "0")}${randomBytes(4).toString("hex")}`;
}
