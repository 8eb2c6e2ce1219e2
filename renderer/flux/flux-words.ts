import type { FluxWorkload } from "../../shared/flux/schema.ts";

/** An image without its registry and folders: `checkout:2.4.1`. */
export function shortImage(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

/** The policies that a list shows, in a few words. */
export function policyNames(
  workload: Pick<FluxWorkload, "policies" | "automated" | "locked" | "ignored" | "refusal">,
) {
  const filters = Object.keys(workload.policies).filter((name) => name.startsWith("tag."));
  return [
    ...(workload.automated ? ["automated"] : []),
    ...(workload.locked ? ["locked"] : []),
    ...(workload.ignored ? ["ignored"] : []),
    ...(workload.policies.ignore === "sync_only" ? ["not collected"] : []),
    ...(filters.length > 0 ? ["filtered"] : []),
    ...(workload.refusal ? ["read-only"] : []),
  ];
}

/** By whom and why a workload is locked, as far as its policies tell. */
export function lockText({ policies }: Pick<FluxWorkload, "policies">): string {
  const { locked_user: user, locked_msg: message } = policies;
  return `${user ? `by ${user}` : "author unknown"}${message ? `: ${message}` : ""}`;
}

/** What is added to a count while not everybody has answered. */
export function awaitedWords(names: readonly string[]): string {
  const [first] = names;
  if (first === undefined) return "";
  return ` · waiting for ${names.length === 1 ? first : `${names.length} daemons`}`;
}

/** What a page of a closed listener says instead of rows. */
export const notListening = {
  title: "The console does not listen",
  text: "Open the connection; daemons come by themselves within seconds.",
};
