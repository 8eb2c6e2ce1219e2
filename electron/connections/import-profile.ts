import {
  latticeProfileSchema,
  latticeTargetSchema,
  type ProfileOf,
  type Secrets,
} from "../../shared/connections/schema.ts";
import type { Guard } from "../../shared/contract/index.ts";

/** Where this machine's user keeps things; given so that tests can point elsewhere. */
export interface ImportSurroundings {
  home: string;
  environment: Record<string, string | undefined>;
  platform: string;
}

/** A context of another tool, read: with its secrets, which stay in this process. */
export interface FoundContext {
  key: string;
  source: "nats" | "wash";
  name: string;
  file: string;
  profile?: ProfileOf<"lattice">;
  secrets: Secrets;
  warnings: string[];
  problem?: string;
}

/** Addresses of other tools' forms: without a scheme, without a port, with `user:password@`. */
export interface ReadAddresses {
  addresses: string[];
  user?: string;
  password?: string;
  token?: string;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads one address; a lone user part is a token, as NATS clients read it. Throws a plain Error without its text. */
function readAddress(text: string): ReadAddresses {
  const match = /^(?:([a-z]+):\/\/)?(?:([^@/]*)@)?([^@/\s]+)\/?$/i.exec(text.trim());
  if (!match) throw new Error("an address in it cannot be read");
  const [, givenScheme, userInfo, host] = match as unknown as [string, string?, string?, string?];
  const scheme = (givenScheme ?? "nats").toLowerCase();
  if (!["nats", "tls", "ws", "wss"].includes(scheme))
    throw new Error(`it uses the unknown scheme ${scheme}://`);
  const bare = (host?.split(":").length ?? 0) > 2 && !host?.startsWith("[");
  const bracketed = bare ? `[${host}]` : String(host);
  const hasPort = /:\d+$/.test(bracketed.replace(/^\[.*\]/, ""));
  const port = hasPort || /^wss?$/.test(scheme) ? "" : ":4222";
  const addresses = [`${scheme}://${bracketed}${port}`];
  if (!userInfo) return { addresses };
  const [user, ...password] = userInfo.split(":");
  if (password.length === 0) return { addresses, token: decoded(user ?? "") };
  return { addresses, user: decoded(user ?? ""), password: decoded(password.join(":")) };
}

/** Reads a comma-separated list; the first credentials in it count for all. */
export function readAddresses(text: string): ReadAddresses {
  const all = text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(readAddress);
  const merged: ReadAddresses = { addresses: all.flatMap((one) => one.addresses) };
  const signedIn = all.find((one) => one.user !== undefined || one.token !== undefined);
  return { ...signedIn, ...merged };
}

const badges: { pattern: RegExp; environment: string; color: string; guard: Guard }[] = [
  {
    pattern: /(^|[^a-z])(non-?prod|pre-?prod|staging|stage|stg|uat|qa)/i,
    environment: "STAGE",
    color: "#f59f00",
    guard: "confirm",
  },
  {
    pattern: /(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i,
    environment: "PROD",
    color: "#e03131",
    guard: "protected",
  },
];

/** Badge, colour and guard that a name suggests. */
export function guessBadge(name: string): {
  environment: string;
  color: string;
  guard: Guard;
} {
  const found = badges.find((badge) => badge.pattern.test(name));
  if (!found) return { environment: "DEV", color: "#2f9e44", guard: "confirm" };
  const { environment, color, guard } = found;
  return { environment, color, guard };
}

/** An id from a name, not among the taken ones. */
export function uniqueId(name: string, taken: ReadonlySet<string>): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 56);
  const base = slug === "" ? "connection" : slug;
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`;
  return id;
}

/** A profile from a context's name and target settings. Throws the schema's error when something does not fit. */
export function importedProfile(name: string, target: object): ProfileOf<"lattice"> {
  return latticeProfileSchema.parse({
    id: uniqueId(name, new Set()),
    name: name.slice(0, 60),
    ...guessBadge(name),
    openAtStart: false,
    system: "lattice",
    target: latticeTargetSchema.parse(target),
  });
}

/** A record's field as text; undefined for absent, empty and other values. */
export function textField(record: Record<string, unknown>, name: string): string | undefined {
  const value = record[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
