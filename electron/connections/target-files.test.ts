import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectionsOperations } from "../../shared/connections/operations.ts";
import { type TargetSettings, targetSettingsSchema } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { systemClock } from "../upstream/clock.ts";
import { readSettingsFile } from "./files.ts";
import { connectionsHandlers } from "./handlers.ts";
import { ConnectionManager } from "./manager.ts";
import { memorySecrets } from "./secrets.ts";
import { filesOf, requireLocalFiles, requireOfferedFiles } from "./target-files.ts";

let top = "";
let folder = "";
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-files-")));
  folder = join(top, "files");
  mkdirSync(folder);
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function put(name: string, text: string | Buffer = "text"): string {
  const path = join(top, name);
  writeFileSync(path, text);
  return path;
}

/** Settings of each system with this path in every field that takes one. */
function withFiles(path: string): TargetSettings[] {
  const lattice = { addresses: ["nats://127.0.0.1:1"] };
  const tls = { caFile: path, certificateFile: path, keyFile: path };
  return [
    { system: "lattice", target: { ...lattice, tls, authentication: { method: "credentials", file: path } } },
    {
      system: "lattice",
      target: { ...lattice, authentication: { method: "jwt", jwtFile: path, seedFile: path } },
    },
    {
      system: "flowfabric",
      target: {
        url: "http://127.0.0.1:1",
        caFile: path,
        valkey: { addresses: ["redis://127.0.0.1:1"], caFile: path },
      },
    },
    { system: "forge", target: { url: "http://127.0.0.1:1", caFile: path } },
    { system: "flux", target: { port: 0, certificateFile: path, keyFile: path } },
  ].map((settings) => targetSettingsSchema.parse(settings));
}

const forge = (path: string, url = "http://127.0.0.1:1") =>
  targetSettingsSchema.parse({ system: "forge", target: { url, caFile: path } });

function failureOf(work: () => unknown): Failure | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return error as Failure;
  }
}

const offered = (settings: TargetSettings, saved?: TargetSettings) =>
  failureOf(() => requireOfferedFiles(settings, { folder, saved }));

/** The names of all fields of a JSON schema that hold text. */
function textFields(schema: unknown, name = ""): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = (schema as { type?: unknown }).type === "string" ? [name] : [];
  return [
    ...own,
    ...Object.entries(schema).flatMap(([key, inner]) =>
      key === "properties"
        ? Object.entries(inner as object).flatMap(([field, deeper]) => textFields(deeper, field))
        : textFields(inner, name),
    ),
  ];
}

describe("the files that settings name", () => {
  it("are found in every field whose text is a path", () => {
    const found = new Set(withFiles("/x").flatMap((settings) => filesOf(settings).map(({ field }) => field)));
    expect([...found].sort()).toEqual([
      "target.authentication.file",
      "target.authentication.jwtFile",
      "target.authentication.seedFile",
      "target.caFile",
      "target.certificateFile",
      "target.keyFile",
      "target.tls.caFile",
      "target.tls.certificateFile",
      "target.tls.keyFile",
      "target.valkey.caFile",
    ]);
    // A text field that is not here has to be looked at: does it take a path, and does its name say so?
    const others = new Set(textFields(z.toJSONSchema(targetSettingsSchema, { io: "input" })));
    const known = new Set([...found].map((field) => field.split(".").at(-1)));
    expect([...others].filter((field) => !known.has(field)).sort()).toEqual(
      [
        ...["addresses", "backend", "eventPrefix", "host", "id", "inboxPrefix", "jetStreamDomain", "lattice"],
        ...["method", "name", "system", "tokenHash", "topicPrefix", "url", "user"],
      ].sort(),
    );
  });

  it.each([
    "\\\\host\\share\\ca.pem",
    "//host/share/ca.pem",
    "\\/host/share",
    "\\\\?\\C:\\ca.pem",
    "\\\\.\\pipe\\console",
    "/dev/zero",
    "/dev/../dev/stdin",
    "/./proc/self/environ",
    "/proc",
    "/sys/kernel/x",
    "/tmp/a\u0000b",
    "/tmp/a\nb",
  ])("may never be %j, whoever names it", (path) => {
    for (const settings of withFiles(path)) {
      const failure = failureOf(() => requireLocalFiles(settings));
      expect(failure).toMatchObject({ code: "invalid_input" });
      expect(failure?.message).toContain(filesOf(settings)[0]?.field);
    }
    expect(failureOf(() => readSettingsFile("CA file", path))).toMatchObject({ code: "invalid_input" });
  });

  it.each([
    "/etc/ssl/ca.pem",
    "~/ca.pem",
    "C:\\certificates\\ca.pem",
    "/home/device/proc.pem",
    "ca.pem",
    "/devices/x",
  ])("may be %j in the window", (path) => {
    for (const settings of withFiles(path)) requireLocalFiles(settings);
  });
});

describe("over HTTP", () => {
  it("files below the folder may be named, whether they are there or not", () => {
    put("files/ca.pem");
    mkdirSync(join(folder, "deep"));
    for (const name of ["ca.pem", "absent.pem", "deep/absent.pem", "no/such/folder/x.pem", "..x.pem"])
      for (const settings of withFiles(join(folder, name))) expect(offered(settings)).toBeUndefined();
  });

  it("no other file may be named, in any field; that it is there is not told", () => {
    const there = put("secret.pem");
    const messages = [
      there,
      join(top, "absent.pem"),
      "/etc/passwd",
      "~/x",
      "x.pem",
      folder,
      `${folder}x/y`,
      "/",
    ].map((path) => {
      for (const settings of withFiles(path)) expect(offered(settings)).toMatchObject({ code: "forbidden" });
      return offered(forge(path));
    });
    expect(new Set(messages.map((failure) => failure?.message)).size).toBe(1);
    expect(messages[0]?.message).toContain("target.caFile");
    expect(messages[0]?.message).toContain(folder);
    expect(messages[0]?.hint).toContain("--files");
  });

  it("neither dots nor links lead out of the folder", () => {
    put("secret.pem");
    mkdirSync(join(top, "outside"));
    symlinkSync(join(top, "secret.pem"), join(folder, "link.pem"));
    symlinkSync(join(top, "outside"), join(folder, "way"));
    symlinkSync(join(top, "later"), join(folder, "dangling"));
    symlinkSync("../outside", join(folder, "relative"));
    const names = [
      "../secret.pem",
      "link.pem",
      "way/x.pem",
      "dangling",
      "dangling/x",
      "relative/x",
      "x/../../secret.pem",
    ];
    for (const name of names)
      expect([name, offered(forge(`${folder}/${name}`))?.code]).toEqual([name, "forbidden"]);
  });

  it("links within the folder are followed, and the folder may be one", () => {
    put("files/real.pem");
    symlinkSync("real.pem", join(folder, "current.pem"));
    expect(offered(forge(join(folder, "current.pem")))).toBeUndefined();
    symlinkSync(folder, join(top, "alias"));
    for (const name of ["files/real.pem", "alias/real.pem"]) {
      const work = () =>
        requireOfferedFiles(forge(join(top, name)), { folder: join(top, "alias"), saved: undefined });
      expect(failureOf(work)).toBeUndefined();
    }
  });

  it("a file that the connection was saved with stays, as long as the connection leads where it led", () => {
    const saved = forge("/etc/ca.pem");
    expect(offered(forge("/etc/ca.pem"), saved)).toBeUndefined();
    expect(offered(forge("/etc/other.pem"), saved)).toMatchObject({ code: "forbidden" });
    expect(offered(forge("/etc/ca.pem", "http://elsewhere:1"), saved)).toMatchObject({ code: "forbidden" });
    for (const [index, settings] of withFiles("/etc/ca.pem").entries()) {
      expect(offered(settings, settings)).toBeUndefined();
      expect(offered(settings, withFiles("/etc/ca.pem")[(index + 2) % 5])).toMatchObject({
        code: "forbidden",
      });
    }
    const key = { addresses: ["nats://a:1"], tls: { keyFile: "/k", certificateFile: "/c" } };
    const lattice = (target: object) => targetSettingsSchema.parse({ system: "lattice", target });
    const swapped = { ...key, tls: { keyFile: "/c", certificateFile: "/k" } };
    expect(offered(lattice(swapped), lattice(key))).toMatchObject({ code: "forbidden" });
  });

  it("the operations refuse, and the window's do not", async () => {
    const store = { load: () => [], put: () => undefined, remove: () => undefined };
    const manager = new ConnectionManager({
      profiles: store,
      secrets: memorySecrets(),
      clock: systemClock,
      modules: {},
      onError: (error) => expect.unreachable(String(error)),
    });
    const handlers = connectionsHandlers(manager, folder);
    const http = { transport: "http", actor: "tester", scope: "change" } as const;
    const ipc = { transport: "ipc", actor: "tester", scope: "change" } as const;
    const settings = withFiles("/etc/hostname")[0] as TargetSettings;
    const save = connectionsOperations["connections.save"].input.parse({
      connectionId: "shop",
      profile: { name: "Shop", color: "#123456", environment: "DEV", ...settings },
    });
    const test = { connectionId: "shop", settings };
    await expect(async () => handlers["connections.save"](save, http)).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(async () => handlers["connections.test"](test, http)).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(manager.rows()).toEqual([]);
    await handlers["connections.save"](save, ipc);
    // Renaming it over HTTP is no reading of files.
    const renamed = { ...save, profile: { ...save.profile, name: "Store" } };
    expect(await handlers["connections.save"](renamed, http)).toMatchObject({ profile: { name: "Store" } });
    const unc = { ...test, settings: withFiles("\\\\host\\share")[0] as TargetSettings };
    await expect(async () => handlers["connections.test"](unc, ipc)).rejects.toMatchObject({
      code: "invalid_input",
    });
  });
});

describe("a file of settings", () => {
  it("is read as it is, also by way of a link", () => {
    const path = put("ca.pem", Buffer.from([0, 255, 10]));
    expect(readSettingsFile("CA file", path)).toEqual(Buffer.from([0, 255, 10]));
    symlinkSync(path, join(top, "link.pem"));
    expect(readSettingsFile("CA file", join(top, "link.pem"))).toHaveLength(3);
  });

  it.skipIf(process.platform === "win32")("is not waited for when it is a pipe", () => {
    execFileSync("mkfifo", [join(top, "pipe")]);
    expect(failureOf(() => readSettingsFile("CA file", join(top, "pipe")))?.message).toMatch(
      /not a regular file/,
    );
  });

  it.skipIf(process.platform !== "linux")("is no device or process file by way of a link", () => {
    for (const [name, place] of [
      ["zero", "/dev/zero"],
      ["environ", "/proc/self/environ"],
    ] as const) {
      symlinkSync(place, join(top, name));
      expect(failureOf(() => readSettingsFile("CA file", join(top, name)))?.message).toMatch(/device/);
    }
  });

  it("is bounded, and what is wrong with it is said without its content", () => {
    expect(readSettingsFile("CA file", put("large", Buffer.alloc(1_048_576)))).toHaveLength(1_048_576);
    const failures = [put("larger", "content ".repeat(140_000)), folder, join(top, "absent")].map((path) =>
      failureOf(() => readSettingsFile("CA file", path)),
    );
    expect(failures.map((failure) => failure?.message)).toEqual([
      `The CA file ${top}/larger is larger than 1 MiB.`,
      `The CA file ${folder} is a folder.`,
      `The CA file ${top}/absent does not exist.`,
    ]);
    expect(JSON.stringify(failures.map((failure) => failure?.toData()))).not.toContain("content");
  });
});
