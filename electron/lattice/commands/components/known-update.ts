import type { UpdateOrigin } from "../../../../shared/lattice/schema.ts";

/** An update of a component that runs, or ran, in the process of its host. */
export interface KnownUpdate {
  at: string;
  origin: UpdateOrigin;
}

/** What no stop ends (wasmcloud-control §2.7, trap 44). */
export function oldCodeText({ at, origin }: KnownUpdate): string {
  const goesOn = "the code from before that may go on answering until the host is restarted.";
  const when = minuteOf(at);
  if (origin === "open")
    return `An update of it was sent at ${when}, and its outcome is open: if it takes effect, ${goesOn}`;
  if (origin === "seen")
    return `It seems to have been updated at ${when} by somebody else while this host ran: ${goesOn}`;
  if (origin === "image-changed")
    return `Its image was changed before ${when}, while the console was not connected: if that was an update, ${goesOn}`;
  return `It was updated at ${when} while this host ran: ${goesOn}`;
}

/** What a host does with a scale that it gets while it updates (wasmcloud-control §2.7, trap 45). */
export function openUpdateText(sentAt: string): string {
  return `The update sent at ${minuteOf(sentAt)} has no outcome yet. A host that still updates undoes a scale or a stop that it gets meanwhile: wait for the outcome.`;
}

function minuteOf(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}
