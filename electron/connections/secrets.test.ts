import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "../../shared/contract/index.ts";
import { fileSecrets, keychainSecrets, type SafeStorage } from "./secrets.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-secrets-"));
  path = join(folder, "data", "secrets.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
    await store.put("shop", { password: "one" });
    await store.put("other", { seed: "two", jwt: "three" });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "data"))).toEqual(["secrets.json"]);
    const again = fileSecrets(path, {});
    expect(again.kind).toBe("file");
    expect(await again.get("shop")).toEqual({ password: "one" });
    expect(again.names("other")).toEqual(["seed", "jwt"]);
    await again.remove("shop");
    expect(await fileSecrets(path, {}).get("shop")).toEqual({});
    expect(readFileSync(path, "utf8")).not.toContain("one");
  });

  it("replaces the secrets of a connection as a whole", async () => {
    const store = fileSecrets(path, {});
    await store.put("shop", { password: "one" });
    await store.put("shop", { token: "two" });
    expect(await store.get("shop")).toEqual({ token: "two" });
  });

  it("refuses a file that others can read, and a damaged one, without showing its text", async () => {
    await fileSecrets(path, {}).put("shop", { password: "hidden-word" });
    chmodSync(path, 0o640);
    expect(() => fileSecrets(path, {})).toThrow(/can be read by others/);
    chmodSync(path, 0o600);
    writeFileSync(path, readFileSync(path, "utf8").slice(0, -8));
    try {
      fileSecrets(path, {});
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect(JSON.stringify((error as Failure).toData())).not.toContain("hidden-word");
      expect((error as Failure).message).toContain("is damaged");
    }
  });

  it("lets variables come first and never writes them", async () => {
    const store = fileSecrets(path, { SWITCHYARD_SECRET_SHOP_EU_1_PASSWORD: "from-variable" });
    expect(store.names("shop-eu_1")).toEqual(["password"]);
    await store.put("shop-eu_1", { password: "from-file", token: "kept" });
    expect(await store.get("shop-eu_1")).toEqual({ password: "from-variable", token: "kept" });
    await store.put("shop-eu_1", await store.get("shop-eu_1"));
    expect(readFileSync(path, "utf8")).not.toContain("from-variable");
  });
});

describe("secrets in the keychain", () => {
  it("writes only encrypted forms, and reads them again", async () => {
    await keychainSecrets(keychain(), path).put("shop", { password: "hidden-word" });
    expect(readFileSync(path, "utf8")).not.toContain("hidden-word");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = keychainSecrets(keychain(), path);
    expect(again.names("shop")).toEqual(["password"]);
    expect(await again.get("shop")).toEqual({ password: "hidden-word" });
  });

  it("says so when the keychain has another key now", async () => {
    await keychainSecrets(keychain(), path).put("shop", { password: "hidden-word" });
    const changed = keychainSecrets(keychain(0x11), path);
    await expect(changed.get("shop")).rejects.toMatchObject({ code: "unauthenticated" });
    await changed.put("shop", { password: "new" });
    expect(await changed.get("shop")).toEqual({ password: "new" });
  });

  it.each([
    ["no encryption", { ...keychain(), isEncryptionAvailable: () => false }],
    ["plain text as the backend", keychain(0x5a, "basic_text")],
  ])("keeps them in memory only with %s", async (_name, storage) => {
    const store = keychainSecrets(storage, path);
    expect(store.kind).toBe("memory");
    expect(store.notice).toContain("not saved");
    await store.put("shop", { password: "one" });
    expect(await store.get("shop")).toEqual({ password: "one" });
    expect(readdirSync(folder)).toEqual([]);
  });
});
