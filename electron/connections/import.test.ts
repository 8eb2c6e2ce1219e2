import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importableSchema } from "../../shared/connections/schema.ts";
import { findContexts, toImportable } from "./import.ts";
import { guessBadge, type ImportSurroundings, readAddresses, uniqueId } from "./import-profile.ts";

let home: string;
let surroundings: ImportSurroundings;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-home-"));
  surroundings = { home, environment: {}, platform: "linux" };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(path: string, content: unknown): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

function found(taken: string[] = []) {
  return findContexts(surroundings, taken);
}

function only(taken: string[] = []) {
  const contexts = found(taken);
  expect(contexts).toHaveLength(1);
  const [context] = contexts;
  if (!context) throw new Error("nothing was found");
  return { ...context, target: context.profile?.target };
}

const seed = `SU${"A".repeat(56)}`;
const jwt = "eyJhbGciOiJlZDI1NTE5In0.eyJzdWIiOiJVIn0.c2lnbmF0dXJl";

describe("contexts of the nats command line", () => {
  it("takes user and password, and removes them from the URL", () => {
    put(".config/nats/context/shop-prod.json", {
      url: "nats://inline:pa%40ss@one.example.test:4333, tls://two.example.test",
      jetstream_domain: "hub",
      inbox_prefix: "_INBOX_shop",
      ca: "~/ca.pem",
      tls_first: true,
    });
    const { profile, secrets, target } = only();
    expect(target).toMatchObject({
      addresses: ["nats://one.example.test:4333", "tls://two.example.test:4222"],
      authentication: { method: "password", user: "inline" },
      jetStreamDomain: "hub",
      inboxPrefix: "_INBOX_shop",
      tls: { caFile: join(home, "ca.pem"), handshakeFirst: true },
    });
    expect(secrets).toEqual({ password: "pa@ss" });
    expect(profile).toMatchObject({ id: "shop-prod", environment: "PROD", guard: "protected" });
  });

  it.each([
    [
      { user: "u", password: "p", token: "t", creds: "/c" },
      { method: "password", user: "u" },
      { password: "p" },
    ],
    [{ user: "only" }, { method: "token" }, { token: "only" }],
    [{ token: "t" }, { method: "token" }, { token: "t" }],
    [{ url: "nats://t@h:4222" }, { method: "token" }, { token: "t" }],
    [{ creds: "file:///c.creds" }, { method: "credentials", file: "/c.creds" }, {}],
    [{ user_jwt: jwt, user_seed: seed }, { method: "jwt" }, { jwt, seed }],
    [{}, { method: "none" }, {}],
  ])("reads the sign-in of %j", (settings, authentication, secrets) => {
    put(".config/nats/context/one.json", settings);
    const context = only();
    expect(context.target?.authentication).toEqual(authentication);
    expect(context.secrets).toEqual(secrets);
  });

  it("reads the seed from the file that nkey names, and warns when there is none", () => {
    const file = put("keys/user.nk", `${seed}\n`);
    put(".config/nats/context/one.json", { nkey: file });
    expect(only()).toMatchObject({ secrets: { seed }, target: { authentication: { method: "nkey" } } });
    rmSync(file);
    expect(only().warnings.join(" ")).toContain("does not exist");
  });

  it("puts the selected context first and looks where XDG_CONFIG_HOME points", () => {
    surroundings.environment.XDG_CONFIG_HOME = join(home, "xdg");
    put("xdg/nats/context/a.json", {});
    put("xdg/nats/context/b.json", {});
    put("xdg/nats/context.txt", "b\n");
    expect(found().map((context) => context.name)).toEqual(["b", "a"]);
  });

  it("says what it cannot take over", () => {
    put(".config/nats/context/one.json", { nsc: "nsc://o/a/u", socks_proxy: "socks5://p" });
    put(".config/nats/context/two.json", { creds: "op://vault/item" });
    const [one, two] = found();
    expect(one?.warnings.join(" ")).toMatch(/nsc.*|SOCKS/);
    expect(two?.problem).toContain("op:");
  });
});

describe("contexts of wash", () => {
  const staging = {
    name: "whatever",
    cluster_seed: "",
    ctl_host: "nats.staging.example.test",
    ctl_port: 4222,
    ctl_jwt: "",
    ctl_seed: "",
    ctl_credsfile: "~/.nats/staging.creds",
    ctl_timeout: 3000,
    ctl_tls_ca_file: "/etc/ssl/staging-ca.pem",
    ctl_tls_first: null,
    lattice: "shop-staging",
    js_domain: null,
  };

  it("reads the example of the protocol page", () => {
    put(".config/wash/contexts/staging.json", staging);
    put(".config/wash/contexts/index.json", { name: "left-over" });
    put(".config/wash/contexts/default", "staging");
    const { profile, target } = only();
    expect(profile).toMatchObject({ id: "staging", environment: "STAGE", guard: "confirm" });
    expect(target).toMatchObject({
      addresses: ["nats://nats.staging.example.test:4222"],
      lattice: "shop-staging",
      requestTimeoutMs: 3000,
      authentication: { method: "credentials", file: join(home, ".nats/staging.creds") },
      tls: { caFile: "/etc/ssl/staging-ca.pem" },
    });
  });

  it("looks into old, new and named folders, each once", () => {
    put(".wash/contexts/old.json", {});
    put(".config/wash/contexts/new.json", {});
    put("named/n.json", {});
    put("parent/contexts/p.json", {});
    put("ctx/c.json", {});
    surroundings.environment = {
      WASH_CONTEXTS: join(home, "ctx"),
      WASH_CONTEXT_DIR: join(home, "named"),
      WASH_CONFIG_DIR: join(home, "parent"),
    };
    expect(found().map((context) => context.name)).toEqual(["c", "n", "p", "new", "old"]);
    surroundings.environment = { WASH_CONTEXTS: join(home, ".wash/contexts") };
    expect(found().map((context) => context.name)).toEqual(["old", "new"]);
  });

  it("is lenient: missing and null fields, the old name of the lattice, a scheme and a sign-in inside the host", () => {
    put(".wash/contexts/one.json", {
      ctl_host: "tls://op:secret-word@10.0.0.1",
      ctl_port: 4333,
      ctl_jwt: null,
      lattice_prefix: "old-name",
    });
    expect(only()).toMatchObject({
      target: {
        addresses: ["tls://10.0.0.1:4333"],
        lattice: "old-name",
        authentication: { method: "password", user: "op" },
      },
      secrets: { password: "secret-word" },
    });
  });

  it("takes JWT and seed as values and as paths", () => {
    put(".wash/contexts/values.json", { ctl_jwt: jwt, ctl_seed: seed });
    expect(only()).toMatchObject({ secrets: { jwt, seed }, target: { authentication: { method: "jwt" } } });
    const file = put("user.jwt", jwt);
    put(".wash/contexts/values.json", { ctl_jwt: file, ctl_seed: "~/user.nk" });
    expect(only().target?.authentication).toEqual({
      method: "jwt",
      jwtFile: file,
      seedFile: join(home, "user.nk"),
    });
  });
});

describe("what is shown and made of contexts", () => {
  it("never shows the value of a secret, and keeps garbage apart from the rest", () => {
    put(".config/nats/context/good.json", { url: "nats://u:hidden-one@h", token: "" });
    put(".config/nats/context/token.json", { token: "hidden-two" });
    put(".config/nats/context/broken.json", '{ "token": "hidden-three"');
    put(".config/nats/context/list.json", "[]");
    put(".config/nats/context/url.json", { url: "http://u:hidden-four@h" });
    put(".wash/contexts/lattice.json", { lattice: "not a name", ctl_jwt: jwt, ctl_seed: seed });
    put(".wash/contexts/port.json", { ctl_port: "many" });
    const shown = found().map(toImportable);
    const text = JSON.stringify(shown);
    for (const secret of ["hidden-one", "hidden-two", "hidden-three", "hidden-four", seed]) {
      expect(text).not.toContain(secret);
    }
    const usable = shown.filter((one) => one.problem === undefined).map((one) => [one.name, one.secrets]);
    expect(usable).toEqual([
      ["good", ["password"]],
      ["token", ["token"]],
    ]);
    for (const one of shown) expect(importableSchema.safeParse(one).success).toBe(true);
    expect(shown.filter((one) => one.problem).every((one) => one.profile === undefined)).toBe(true);
  });

  it("makes ids unique against profiles and each other", () => {
    put(".config/nats/context/Shop EU.json", {});
    put(".wash/contexts/shop-eu.json", {});
    expect(found(["shop-eu"]).map((context) => context.profile?.id)).toEqual(["shop-eu-2", "shop-eu-3"]);
  });

  it("survives any content of a file", () => {
    const field = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.constant({}));
    const names = ["url", "user", "password", "creds", "nkey", "ctl_host", "ctl_port", "ctl_jwt", "lattice"];
    const settings = fc.dictionary(fc.constantFrom(...names), field);
    fc.assert(
      fc.property(settings, (value) => {
        put(".config/nats/context/any.json", value);
        put(".wash/contexts/any.json", value);
        for (const context of found()) {
          expect(importableSchema.safeParse(toImportable(context)).success).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("parts", () => {
  it("makes an id of any name", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, taken) => {
        const id = uniqueId(name, new Set(taken));
        expect(id).toMatch(/^[a-z0-9_-]{1,64}$/);
        expect(taken).not.toContain(id);
      }),
    );
  });

  it("completes addresses, also IPv6 ones", () => {
    expect(readAddresses("host").addresses).toEqual(["nats://host:4222"]);
    expect(readAddresses("[::1]:4333,::1").addresses).toEqual(["nats://[::1]:4333", "nats://[::1]:4222"]);
    expect(readAddresses("wss://host/").addresses).toEqual(["wss://host"]);
  });

  it.each([
    ["production-eu", "PROD"],
    ["shop_prod", "PROD"],
    ["nonprod", "STAGE"],
    ["preprod-1", "STAGE"],
    ["staging", "STAGE"],
    ["product-catalogue", "DEV"],
    ["laptop", "DEV"],
  ])("guesses the badge of %s", (name, environment) => {
    expect(guessBadge(name).environment).toBe(environment);
  });
});
