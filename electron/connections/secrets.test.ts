import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { secretNames } from "../../shared/connections/schema.ts";
import { writePrivateFile } from "./files.ts";
import { fileSecrets, keychainSecrets, type SafeStorage } from "./secrets.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-secrets-"));
  path = join(folder, "data", "secrets.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One place for whatever secret. */
const there = Object.fromEntries(secretNames.map((name) => [name, ["forge https://jobs.example:443"]]));
const elsewhere = Object.fromEntries(secretNames.map((name) => [name, ["forge https://evil.example:443"]]));

/** A keychain with a key of its own, as the system's would have. */
function keychain(key = 0x5a, backend = "gnome_libsecret"): SafeStorage {
  const turn = (data: Buffer) => Buffer.from(data.map((byte) => byte ^ key));
  return {
    isEncryptionAvailable: () => true,
    encryptString: (text) => turn(Buffer.from(`ok${text}`)),
    decryptString: (data) => {
      const text = turn(data).toString();
      if (!text.startsWith("ok")) throw new Error("wrong key");
      return text.slice(2);
    },
    getSelectedStorageBackend: () => backend,
  };
}

describe("secrets in a file", () => {
  it("keeps them across starts, privately, and forgets them", async () => {
    const store = fileSecrets(path, {});
    await store.put("shop", { password: "one" }, there);
    await store.put("other", { seed: "two", jwt: "three" }, there);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "data"))).toEqual(["secrets.json"]);
    const again = fileSecrets(path, {});
    expect(again.kind).toBe("file");
    expect(await again.get("shop", there)).toEqual({ password: "one" });
    expect(again.names("other")).toEqual(["seed", "jwt"]);
    await again.remove("shop");
    expect(await fileSecrets(path, {}).get("shop", there)).toEqual({});
    expect(readFileSync(path, "utf8")).not.toContain("one");
  });

  it("replaces the secrets of a connection as a whole", async () => {
    const store = fileSecrets(path, {});
    await store.put("shop", { password: "one" }, there);
    await store.put("shop", { token: "two" }, there);
    expect(await store.get("shop", there)).toEqual({ token: "two" });
  });

  it("takes the rights of others away, and says that they may have read it", async () => {
    await fileSecrets(path, {}).put("shop", { password: "hidden-word" }, there);
    chmodSync(path, 0o640);
    const store = fileSecrets(path, {});
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(store.notice).toMatch(/Change the passwords in it/);
    expect(await store.get("shop", there)).toEqual({ password: "hidden-word" });
  });

  it("works without a damaged file, which it keeps aside and never shows", async () => {
    await fileSecrets(path, {}).put("shop", { password: "hidden-word" }, there);
    const damaged = readFileSync(path, "utf8").slice(0, -8);
    writeFileSync(path, damaged);
    const store = fileSecrets(path, {});
    expect(store.notice).toContain("is damaged");
    expect(store.notice).not.toContain("hidden-word");
    await store.put("shop", { password: "entered-again" }, there);
    expect(await fileSecrets(path, {}).get("shop", there)).toEqual({ password: "entered-again" });
    const [aside = ""] = readdirSync(join(folder, "data")).filter((name) => name.includes("damaged"));
    expect(readFileSync(join(folder, "data", aside), "utf8")).toBe(damaged);
  });

  it.each([
    ["a link", () => symlinkSync("/etc/passwd", path)],
    ["a folder", () => mkdirSync(path)],
    [
      "what a keychain has encrypted",
      () => keychainSecrets(keychain(), path).put("shop", { token: "t" }, there),
    ],
  ])("works without %s in its place, and leaves it alone", async (_name, make) => {
    mkdirSync(join(folder, "data"));
    await make();
    const store = fileSecrets(path, {});
    expect(store).toMatchObject({ kind: "memory", notice: expect.stringContaining("works without it") });
    const before = statSync(path).ino;
    await store.put("shop", { password: "one" }, there);
    expect(await store.get("shop", there)).toEqual({ password: "one" });
    expect(statSync(path).ino).toBe(before);
  });

  it("lets variables come first, once it is said where they go, and never writes them", async () => {
    const store = fileSecrets(path, { SWITCHYARD_SECRET_SHOP_EU_1_PASSWORD: "from-variable" });
    expect(store.names("shop-eu_1")).toEqual(["password"]);
    expect(await store.get("shop-eu_1", there)).toEqual({});
    store.adopt("shop-eu_1", there);
    await store.put("shop-eu_1", { password: "from-file", token: "kept" }, there);
    expect(await store.get("shop-eu_1", there)).toEqual({ password: "from-variable", token: "kept" });
    await store.put("shop-eu_1", await store.get("shop-eu_1", there), there);
    expect(readFileSync(path, "utf8")).not.toContain("from-variable");
  });
});

describe("where a secret goes", () => {
  const variables = { SWITCHYARD_SECRET_SHOP_EU_TOKEN: "from-variable" };

  it("is handed out only for the places that it was given for", async () => {
    const store = fileSecrets(path, {});
    const both = { token: ["nats a:1", "nats b:1"] };
    await store.put("shop", { token: "one" }, both);
    expect(await store.get("shop", both)).toEqual({ token: "one" });
    expect(await store.get("shop", { token: ["nats b:1"] })).toEqual({ token: "one" });
    for (const token of [["nats b:1", "nats c:1"], ["tls a:1"], []]) {
      expect(await store.get("shop", { token })).toEqual({});
      expect(store.names("shop", { token })).toEqual([]);
    }
    expect(await store.get("shop", {})).toEqual({});
    expect(await fileSecrets(path, {}).get("shop", elsewhere)).toEqual({});
  });

  it("takes a file written by hand for the first place that is said, for good", async () => {
    writePrivateFile(path, JSON.stringify({ version: 1, connections: { shop: { token: "by-hand" } } }));
    expect(await fileSecrets(path, {}).get("shop", there)).toEqual({});
    fileSecrets(path, {}).adopt("shop", there);
    const again = fileSecrets(path, {});
    again.adopt("shop", elsewhere);
    expect(await again.get("shop", elsewhere)).toEqual({});
    expect(await again.get("shop", there)).toEqual({ token: "by-hand" });
  });

  it("keeps what the environment gives to its place, also for an id that is spelled alike or removed", async () => {
    fileSecrets(path, variables).adopt("shop-eu", there);
    const again = fileSecrets(path, variables);
    for (const alike of ["shop-eu", "SHOP_EU", "Shop-eu"]) {
      again.adopt(alike, elsewhere);
      expect(await again.get(alike, elsewhere), alike).toEqual({});
    }
    await again.put("shop-eu", {}, elsewhere);
    await again.remove("shop-eu");
    again.adopt("shop-eu", elsewhere);
    expect(await again.get("shop-eu", elsewhere)).toEqual({});
    expect(await again.get("shop-eu", there)).toEqual({ token: "from-variable" });
    expect(readFileSync(path, "utf8")).not.toContain("from-variable");
  });

  it("lets whoever knows what a variable holds say where it goes", async () => {
    const store = fileSecrets(path, variables);
    store.adopt("shop-eu", there);
    await store.put("shop-eu", { token: "a guess" }, elsewhere);
    expect(await store.get("shop-eu", elsewhere)).toEqual({ token: "a guess" });
    await store.put("shop-eu", { token: "from-variable" }, elsewhere);
    expect(await store.get("shop-eu", elsewhere)).toEqual({ token: "from-variable" });
    expect(readFileSync(path, "utf8")).not.toContain("from-variable");
  });

  it("holds for this run where the folder cannot be written", async () => {
    const store = fileSecrets(path, variables);
    writeFileSync(join(folder, "data"), "a file where the folder should be");
    store.adopt("shop-eu", there);
    store.adopt("shop-eu", elsewhere);
    expect(await store.get("shop-eu", there)).toEqual({ token: "from-variable" });
    expect(await store.get("shop-eu", elsewhere)).toEqual({});
  });
});

describe("secrets in the keychain", () => {
  it("writes only encrypted forms, and reads them again", async () => {
    await keychainSecrets(keychain(), path).put("shop", { password: "hidden-word" }, there);
    expect(readFileSync(path, "utf8")).not.toContain("hidden-word");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = keychainSecrets(keychain(), path);
    expect(again.names("shop")).toEqual(["password"]);
    expect(await again.get("shop", there)).toEqual({ password: "hidden-word" });
  });

  it("says so when the keychain has another key now", async () => {
    await keychainSecrets(keychain(), path).put("shop", { password: "hidden-word" }, there);
    const changed = keychainSecrets(keychain(0x11), path);
    await expect(changed.get("shop", there)).rejects.toMatchObject({ code: "unauthenticated" });
    await changed.put("shop", { password: "new" }, there);
    expect(await changed.get("shop", there)).toEqual({ password: "new" });
  });

  it.each([
    ["no encryption", { ...keychain(), isEncryptionAvailable: () => false }],
    ["plain text as the backend", keychain(0x5a, "basic_text")],
  ])("keeps them in memory only with %s", async (_name, storage) => {
    const store = keychainSecrets(storage, path);
    expect(store.kind).toBe("memory");
    expect(store.notice).toContain("lost when Switchyard quits");
    await store.put("shop", { password: "one" }, there);
    expect(await store.get("shop", there)).toEqual({ password: "one" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("removes what an earlier session kept also where there is no keychain any more", async () => {
    const earlier = keychainSecrets(keychain(), path);
    await earlier.put("shop", { password: "one" }, there);
    await earlier.put("lab", { password: "two" }, there);
    await keychainSecrets(keychain(0x5a, "basic_text"), path).remove("shop");
    const again = keychainSecrets(keychain(), path);
    expect(again.names("shop")).toEqual([]);
    expect(await again.get("lab", there)).toEqual({ password: "two" });
  });
});
