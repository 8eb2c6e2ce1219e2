import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nkeys } from "nats";

/** A WebAssembly component that exports `test:demo/api@0.1.0`, with a function `run` that does nothing. */
export const demoComponent = Buffer.from(
  "AGFzbQ0AAQABMQBhc20BAAAAAQQBYAAAAwIBAAcHAQNydW4AAAoEAQIACwAOBG5hbWUABwZtb2R1bGUCBAEAAAAHBQ" +
    "FAAAEABgkBAAABAANydW4IBgEAAAAAAAUKAQEBAANydW4BAAsZAQATdGVzdDpkZW1vL2FwaUAwLjEuMAUAAAA9DmNv" +
    "bXBvbmVudC1uYW1lAQsAEQEABm1vZHVsZQENABIBAAhpbnN0YW5jZQEHAQEAA3J1bgEHBQEAA2FwaQ==",
  "base64",
);

/** A provider that does nothing, for as long as its host lives. */
const provider = "#!/bin/sh\nwhile kill -0 $PPID 2>/dev/null; do sleep 0.2; done\n";

const issuer = nkeys.createAccount();

/** A token that hosts verify; the subject of a real one is a key of another kind, which they do not look at. */
function token(wascap: object, expires?: number): string {
  const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    jti: "made-for-a-test",
    iat: 1_700_000_000,
    iss: issuer.getPublicKey(),
    sub: nkeys.createAccount().getPublicKey(),
    ...(expires !== undefined && { exp: expires }),
    wascap,
    wascap_revision: 3,
  };
  const signed = `${segment({ typ: "jwt", alg: "Ed25519" })}.${segment(claims)}`;
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString("base64url")}`;
}

function digest(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").toUpperCase();
}

/** A length as WebAssembly writes it. */
function leb128(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}

function signedComponent(rev: number, ver: string, expires?: number): Buffer {
  const wascap = {
    name: "signed-demo",
    hash: digest(demoComponent),
    tags: ["interop"],
    rev,
    ver,
    prov: false,
  };
  const name = Buffer.from("wasmcloud_jwt");
  const content = Buffer.concat([leb128(name.length), name, Buffer.from(token(wascap, expires))]);
  return Buffer.concat([demoComponent, Buffer.from([0]), leb128(content.length), content]);
}

/** What the recorded hosts pulled from a registry without TLS, which a real host must be told to trust: files stand for it. */
export const pulledImages = [
  "oci://127.0.0.1:15000/demo:2",
  "http://127.0.0.1:15000/demo:3",
  "127.0.0.1:15000/demo:1",
  "127.0.0.1:15000/DEMO:1",
  "127.0.0.1:15000/slow/demo:2",
  "127.0.0.1:15000/slow/demo:3",
  "127.0.0.1:15000/prov/fake:1",
] as const;

function writeProviderArchive(path: string, name: string, ver: string, hash = digest(provider)): void {
  const parts = `${path}.parts`;
  const target = `${process.arch === "x64" ? "x86_64" : "aarch64"}-linux`;
  const wascap = {
    name,
    vendor: "a test",
    rev: 3,
    ver,
    target_hashes: { [target]: hash },
  };
  mkdirSync(parts);
  writeFileSync(join(parts, "claims.jwt"), token(wascap));
  writeFileSync(join(parts, `${target}.bin`), provider);
  const { status } = spawnSync("tar", ["-C", parts, "-cf", path, "claims.jwt", `${target}.bin`]);
  if (status !== 0) throw new Error(`tar cannot write ${path}`);
}

/** Writes what the hosts of the recordings could start: their files, in folders of the same names, and what they pulled. */
export function writeImages(folder: string): void {
  const [wasm, par, pulled] = [join(folder, "wasm"), join(folder, "par"), join(folder, "pulled")];
  for (const each of [wasm, par, pulled]) mkdirSync(each, { recursive: true });
  const components = {
    ...Object.fromEntries(["demo1", "demo2", "demo3", "gone", "vanish"].map((name) => [name, demoComponent])),
    signed1: signedComponent(7, "1.2.3"),
    signed2: signedComponent(8, "1.2.4"),
    expired: signedComponent(1, "0.0.1", 1_000_000_000),
    garbage: Buffer.from("not WebAssembly"),
  };
  for (const [name, bytes] of Object.entries(components)) writeFileSync(join(wasm, `${name}.wasm`), bytes);
  writeProviderArchive(join(par, "fake.par"), "Fake Provider", "0.3.0");
  writeProviderArchive(join(par, "real.par"), "NATS Messaging", "0.28.0");
  writeProviderArchive(join(par, "badhash.par"), "Fake Provider", "0.3.0", digest("something else"));
  for (const [index, reference] of pulledImages.entries()) {
    const path = join(pulled, `${index}.image`);
    if (reference.includes("/prov/")) writeProviderArchive(path, "Fake Provider", "0.3.0");
    else writeFileSync(path, demoComponent);
  }
}
