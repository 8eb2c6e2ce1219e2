import type { SecretName, System, TargetSettings } from "./schema.ts";

/** The places that each secret of a connection is sent to: system, address, and what its TLS is checked against. */
export type Destinations = Readonly<Partial<Record<SecretName, readonly string[]>>>;

/** Which secrets prove who one is on a lattice, by the way of signing in. */
export const latticeSecrets = {
  none: [],
  password: ["password"],
  token: ["token"],
  nkey: ["seed"],
  credentials: ["credentials"],
  jwt: ["jwt", "seed"],
} as const;

/** The same for the proxy in front of a jobs server. */
export const forgeSecrets = { none: [], bearer: ["token"], basic: ["password"], header: ["header"] } as const;

/** Where the secrets that a target uses would go; a secret that it does not use has no place. */
export function destinationsOf(settings: TargetSettings): Destinations {
  const { system } = settings;
  const to = (addresses: readonly string[], caFile: string | undefined) =>
    placesOf(system, addresses, caFile);
  switch (settings.system) {
    case "lattice": {
      const { addresses, authentication, tls } = settings.target;
      return each(latticeSecrets[authentication.method], to(addresses, tls.caFile));
    }
    case "forge": {
      const { url, authentication, caFile } = settings.target;
      return each(forgeSecrets[authentication.method], to([url], caFile));
    }
    case "flowfabric": {
      const { url, authentication, caFile, valkey } = settings.target;
      const bearer = url !== undefined && authentication.method === "bearer";
      return {
        ...(bearer && each(["token"], to([url], caFile))),
        ...(valkey && each(["valkeyPassword"], to(valkey.addresses, valkey.caFile))),
      };
    }
    case "flux":
      // Daemons prove themselves to the console, never the other way round.
      return {};
  }
}

/** Addresses as places of secrets. */
export function placesOf(system: System, addresses: readonly string[], caFile: string | undefined): string[] {
  return addresses.map((address) => placeOf(system, address, caFile));
}

/** Whether a secret that was given for some places may go to all of these. */
export function covers(given: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length > 0 && wanted.every((place) => given.includes(place));
}

function each(names: readonly SecretName[], places: readonly string[]): Destinations {
  return Object.fromEntries(names.map((name) => [name, places]));
}

const defaultPorts: Record<string, string> = {
  nats: "4222",
  tls: "4222",
  ws: "80",
  wss: "443",
  http: "80",
  https: "443",
  redis: "6379",
  rediss: "6379",
};

// Browsers and Node.js have the same one; this folder knows neither.
const { URL } = globalThis as unknown as {
  URL: new (text: string) => { hostname: string; port: string; pathname: string };
};

/** What an address leads to, in one spelling of the many that lead there. */
export interface AddressParts {
  scheme: string;
  host: string;
  port: string;
  path: string;
}

/** Takes an address apart: upper case, a final dot, a default port, `127.1` for `127.0.0.1` or `/a/../` make no other place of it. */
export function addressParts(address: string): AddressParts | undefined {
  const [, scheme = "", rest = ""] = /^([a-z]+):\/\/(.*)$/i.exec(address.trim()) ?? [];
  const name = scheme.toLowerCase();
  try {
    // Read as HTTP, for whose hosts the standard has the most spellings; its default port would be left out.
    const { hostname, port, pathname } = new URL(`http://${rest}`);
    const explicit = port !== "" || /^[^/]*:80(\/|$)/.test(rest);
    const path = pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "");
    const ownPort = explicit ? port || "80" : (defaultPorts[name] ?? "");
    return { scheme: name, host: hostname.replace(/\.$/, ""), port: ownPort, path };
  } catch {
    return undefined;
  }
}

function placeOf(system: System, address: string, caFile: string | undefined): string {
  const parts = addressParts(address);
  if (!parts) return `${system} ${address}`;
  const { scheme, host, port, path } = parts;
  return `${system} ${scheme}://${host}:${port}${path}${caFile ? ` (CA ${caFile})` : ""}`;
}
