import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { latticeTargetSchema, type Secrets } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { diagnose } from "./diagnosis.ts";
import { openNats } from "./nats.ts";
import { makeOperator } from "./testing/operator.ts";

const folder = mkdtempSync(join(tmpdir(), "switchyard-sign-in-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let files = 0;
function put(text: string): string {
  const path = join(folder, `file-${++files}`);
  writeFileSync(path, text);
  return path;
}

/** Somebody who greets as a NATS server that wants a signature, and keeps what it is told. */
async function eavesdropper(): Promise<{ address: string; heard: () => string }> {
  let heard = "";
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      heard += data.toString("latin1");
      if (heard.includes("CONNECT")) socket.write("-ERR 'Authorization Violation'\r\n");
    });
    socket.write(
      'INFO {"server_id":"x","version":"2.10.0","auth_required":true,"nonce":"abc","max_payload":1}\r\n',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { address: `nats://127.0.0.1:${port}`, heard: () => heard };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = "s".repeat(86);

/** The service account of a Kubernetes pod, and others that only look like what is wanted. */
const { jwt, seed } = makeOperator().user();
const [head = "", claims = ""] = jwt.split(".");
const account = { ...JSON.parse(Buffer.from(claims, "base64url").toString()), nats: { type: "account" } };
const foreign: [string, string][] = [
  ["any text with two dots", "secret-a.secret-b.secret-c"],
  [
    "a service account's token",
    `${part({ alg: "RS256", kid: "k" })}.${part({ sub: "system:serviceaccount:secret", iss: "kubernetes" })}.${"s".repeat(342)}`,
  ],
  ["an account of NATS", `${head}.${part(account)}.${signature}`],
  ["claims under another header", `${part({ typ: "JWT", alg: "HS256" })}.${claims}.${signature}`],
  ["claims that are no JSON", `${head}.${Buffer.from("secret").toString("base64url")}.${signature}`],
  ["a signature of another length", `${head}.${claims}.short-secret`],
  ["more behind it", `${jwt}\nPASSWORD=secret`],
  ["more before it", `PASSWORD=secret\n${jwt}`],
  ["a JWT in dashes of another name", `-----BEGIN CERTIFICATE-----\n${jwt}\n-----END CERTIFICATE-----\n`],
  ["private key", `-----BEGIN PRIVATE KEY-----\n${"secret".repeat(20)}\n-----END PRIVATE KEY-----\n`],
  ["nothing", ""],
];

async function tryWith(
  authentication: object,
  secrets: Secrets = {},
): Promise<{ heard: string; failure: Failure }> {
  const { address, heard } = await eavesdropper();
  const target = latticeTargetSchema.parse({ addresses: [address], authentication });
  const failure = await openNats(target, secrets).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Failure);
  const diagnosis = await diagnose({ target, secrets, listenMs: 50 });
  expect(diagnosis.ok).toBe(false);
  const told = JSON.stringify([(failure as Failure).toData(), diagnosis]);
  expect(told).not.toMatch(/secret-|c2VjcmV0|PASSWORD|system:service/);
  return { heard: heard(), failure: failure as Failure };
}

describe("a file that is to hold a user's JWT", () => {
  it("is sent when it does", async () => {
    const frame = `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n`;
    for (const text of [jwt, `  ${jwt}\n`, frame, frame.replaceAll("\n", "\r\n")]) {
      const { heard } = await tryWith({ method: "jwt", jwtFile: put(text), seedFile: put(seed) });
      expect(heard).toContain(jwt);
      expect(heard).not.toContain(seed);
    }
  });

  it.each(foreign)("is not sent, nor shown, when it is %s", async (_what, text) => {
    for (const authentication of [
      { method: "jwt", jwtFile: put(text) },
      { method: "jwt", jwtFile: put(text), seedFile: put(seed) },
      { method: "jwt", jwtFile: put(jwt), seedFile: put(text || "secret-seed") },
      { method: "credentials", file: put(text) },
      { method: "credentials", file: put(`${text}\n${seed}\n`) },
    ]) {
      const { heard, failure } = await tryWith(authentication);
      expect(failure).toMatchObject({ code: "invalid_input", details: { cause: "credentials" } });
      expect(heard).not.toContain("CONNECT");
    }
  });

  it("is refused after it has changed into something else", async () => {
    const path = put(jwt);
    await tryWith({ method: "jwt", jwtFile: path });
    writeFileSync(path, "secret-a.secret-b.secret-c");
    expect((await tryWith({ method: "jwt", jwtFile: path })).heard).not.toContain("CONNECT");
  });
});

describe("a .creds file", () => {
  const credentials = makeOperator().user().credentials;

  it("gives its JWT and a signature, and never its seed", async () => {
    const own = /SU[A-Z2-7]{56}/.exec(credentials)?.[0] ?? "";
    for (const text of [credentials, credentials.replaceAll("\n", "\r\n"), credentials.trimEnd()]) {
      const { heard } = await tryWith({ method: "credentials", file: put(text) });
      expect(heard).toContain('"jwt":"eyJ');
      expect(heard).not.toContain(own);
    }
  });

  it("that is long and of dashes takes no long time", async () => {
    const lines = ["-", "-----BEGIN ", "-----BEGIN A-----\n", "\n", " "].map((text) =>
      text.repeat(60_000).slice(0, 900_000),
    );
    for (const text of lines) {
      const { heard } = await tryWith({ method: "credentials", file: put(text) });
      expect(heard).not.toContain("CONNECT");
    }
  });
});
