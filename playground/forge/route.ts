import type { ForgeStore } from "./store.ts";
import type { Answer } from "./wire.ts";

/** Versions that differ on the wire (forge-jobs §2); 0.3.7 answers as every one from 0.3.1 on. */
export const versions = ["0.1.0", "0.2.0", "0.2.1", "0.3.0", "0.3.7"] as const;
export type ForgeVersion = (typeof versions)[number];

/** A version that the simulated jobs server can behave like, by its name. Throws for any other. */
export function forgeVersionOf(text: string): ForgeVersion {
  const version = versions.find((each) => each === text);
  if (version === undefined)
    throw new Error(`no such version of the jobs server: ${text} (known: ${versions.join(", ")})`);
  return version;
}

export function isAtLeast(version: ForgeVersion, wanted: ForgeVersion): boolean {
  return versions.indexOf(version) >= versions.indexOf(wanted);
}

export interface RouteRequest {
  store: ForgeStore;
  version: ForgeVersion;
  /** Decoded path parameters, in order. */
  parameters: string[];
  query: URLSearchParams;
  contentType: string | undefined;
  body: Buffer;
}

export interface Route {
  method: "GET" | "POST";
  /** A name in braces takes one segment. */
  path: string;
  since: ForgeVersion;
  answer(request: RouteRequest): Answer;
}

export function get(path: string, since: ForgeVersion, answer: Route["answer"]): Route {
  return { method: "GET", path, since, answer };
}

export function post(path: string, since: ForgeVersion, answer: Route["answer"]): Route {
  return { method: "POST", path, since, answer };
}
