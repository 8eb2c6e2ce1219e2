import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Authentication, Secrets } from "../../shared/connections/schema.ts";
import { expandHome } from "./files.ts";
import { contextNames, readContext } from "./import-files.ts";
import {
  type FoundContext,
  type ImportSurroundings,
  importedProfile,
  type ReadAddresses,
  readAddresses,
  textField,
} from "./import-profile.ts";

type Settings = Record<string, unknown>;

/** The folders that wash of any version may use, in its order of precedence (wasmcloud-control §6.1). */
function washFolders({ home, environment, platform }: ImportSurroundings): string[] {
  const config = environment.XDG_CONFIG_HOME || join(home, ".config");
  const windows = join(
    environment.APPDATA || join(home, "AppData", "Roaming"),
    "wasmCloud",
    "wash",
    "config",
  );
  const folders = [
    environment.WASH_CONTEXTS,
    environment.WASH_CONTEXT_DIR,
    environment.WASH_CONFIG_DIR && join(environment.WASH_CONFIG_DIR, "contexts"),
    join(platform === "win32" ? windows : join(config, "wash"), "contexts"),
    join(home, ".wash", "contexts"),
  ];
  return [...new Set(folders.filter((folder) => folder !== undefined && folder !== ""))] as string[];
}

/** A control address with the port that wash keeps apart; a port inside the host counts. */
function controlAddress(settings: Settings): ReadAddresses {
  const host = textField(settings, "ctl_host") ?? "127.0.0.1";
  const port = Number(settings.ctl_port ?? 4222);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error("its ctl_port is no port");
  const hasPort = /:\d+\/?$/.test(host.replace(/^.*@/, "").replace(/^[a-z]+:\/\//i, ""));
  return readAddresses(hasPort ? host : `${host.replace(/\/+$/, "")}:${port}`);
}

/** A JWT or seed is a value or the path of a file that holds it. */
function valueOrFile(settings: Settings, field: string, home: string): { value?: string; file?: string } {
  const text = textField(settings, field);
  if (text === undefined) return {};
  const file = expandHome(text, home);
  const isValue = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(text) || /^SU[A-Z2-7]{56}$/.test(text);
  return isValue || !(existsSync(file) || /[\\/]/.test(text)) ? { value: text } : { file };
}

interface SignIn {
  authentication: Authentication;
  secrets: Secrets;
}

/** The order of wash: JWT with seed, creds file, user and password inside the host, anonymous (wasmcloud-control §6.2). */
function signIn(settings: Settings, address: ReadAddresses, home: string): SignIn {
  const jwt = valueOrFile(settings, "ctl_jwt", home);
  const seed = valueOrFile(settings, "ctl_seed", home);
  if (jwt.value || jwt.file) {
    const files = { ...(jwt.file && { jwtFile: jwt.file }), ...(seed.file && { seedFile: seed.file }) };
    const secrets = { ...(jwt.value && { jwt: jwt.value }), ...(seed.value && { seed: seed.value }) };
    return { authentication: { method: "jwt", ...files }, secrets };
  }
  const creds = textField(settings, "ctl_credsfile");
  if (creds) return { authentication: { method: "credentials", file: expandHome(creds, home) }, secrets: {} };
  if (address.user !== undefined) {
    const secrets = address.password ? { password: address.password } : {};
    return { authentication: { method: "password", user: address.user }, secrets };
  }
  if (address.token) return { authentication: { method: "token" }, secrets: { token: address.token } };
  return { authentication: { method: "none" }, secrets: {} };
}

function tlsOf(settings: Settings, home: string): object {
  const ca = textField(settings, "ctl_tls_ca_file");
  return {
    ...(ca && { caFile: expandHome(ca, home) }),
    ...(settings.ctl_tls_first === true && { handshakeFirst: true }),
  };
}

function warningsOf(settings: Settings): string[] {
  const hasSeed = textField(settings, "ctl_seed") !== undefined;
  const hasJwt = textField(settings, "ctl_jwt") !== undefined;
  const warnings: string[] = [];
  if (hasJwt && !hasSeed) warnings.push("It has a user JWT without a seed; only a bearer JWT works so.");
  if (hasSeed && !hasJwt) warnings.push("Its control seed is not used, because there is no user JWT.");
  return warnings;
}

function readSettings(name: string, settings: Settings, home: string) {
  const address = controlAddress(settings);
  const { authentication, secrets } = signIn(settings, address, home);
  const jetStreamDomain = textField(settings, "js_domain");
  const timeout = Number(settings.ctl_timeout);
  const profile = importedProfile(name, {
    addresses: address.addresses,
    lattice: textField(settings, "lattice") ?? textField(settings, "lattice_prefix") ?? "default",
    ...(jetStreamDomain && { jetStreamDomain }),
    ...(timeout >= 100 && timeout <= 120_000 && { requestTimeoutMs: Math.round(timeout) }),
    authentication,
    tls: tlsOf(settings, home),
  });
  return { profile, secrets, warnings: warningsOf(settings) };
}

/** The contexts of wash, from all its folders; `index.json` is a left-over that is no context (wasmcloud-control §6.1). */
export function findWashContexts(surroundings: ImportSurroundings): FoundContext[] {
  return washFolders(surroundings).flatMap((folder) =>
    contextNames(folder)
      .filter((name) => name !== "index")
      .map((name) =>
        readContext("wash", { folder, name }, (settings) => readSettings(name, settings, surroundings.home)),
      ),
  );
}
