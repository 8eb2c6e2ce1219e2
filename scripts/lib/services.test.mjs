import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { removeStalePolicy, withoutNewServices } from "./services.mjs";

const wants = "etc/systemd/system/multi-user.target.wants";
const unit = (name) => `/lib/systemd/system/${name}`;

let root;
let path;

/** A program of the system that writes down how it was called. */
function program(file, body = "") {
  const log = join(root, "called");
  write(file, `#!/bin/sh\necho "$(basename "$0") $*" >> ${log}\n${body}\n`, 0o755);
}

function write(file, text, mode = 0o644) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  chmodSync(join(root, file), mode);
}

function link(target, file) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  symlinkSync(target, join(root, file));
}

const called = () =>
  existsSync(join(root, "called")) ? readFileSync(join(root, "called"), "utf8").trim().split("\n") : [];
const policy = () => join(root, "usr/sbin/policy-rc.d");
const enabled = () => readdirSync(join(root, wants)).sort();

/** What the packages of Redis and NATS do when they are installed. */
function install() {
  link(unit("redis-server.service"), `${wants}/redis-server.service`);
  link(unit("redis-server.service"), "etc/systemd/system/redis.service");
  link(unit("nats-server.service"), `${wants}/nats-server.service`);
  link(unit("news.timer"), "etc/systemd/system/timers.target.wants/news.timer");
  link(unit("sound.socket"), "etc/systemd/user/sockets.target.wants/sound.socket");
  for (const level of [2, 3, 4, 5]) link("../init.d/redis-server", `etc/rc${level}.d/S01redis-server`);
  link("../init.d/redis-server", "etc/rc0.d/K01redis-server");
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "switchyard-services-"));
  mkdirSync(join(root, "usr/sbin"), { recursive: true });
  link(unit("ssh.service"), `${wants}/ssh.service`);
  link("/dev/null", "etc/systemd/system/ctrl-alt-del.target");
  link("../init.d/cron", "etc/rc2.d/S01cron");
  program(
    "stubs/update-rc.d",
    `for level in 2 3 4 5; do mv ${root}/etc/rc$level.d/S01$1 ${root}/etc/rc$level.d/K01$1; done`,
  );
  program("stubs/systemctl");
  path = process.env.PATH;
  process.env.PATH = `${join(root, "stubs")}:${path}`;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(root, { recursive: true, force: true });
});

describe.skipIf(process.platform === "win32")("an installation of packages", () => {
  it("leaves enabled what was, and nothing else", async () => {
    await withoutNewServices(async () => install(), root);
    expect(enabled()).toEqual(["ssh.service"]);
    expect(readdirSync(join(root, "etc/systemd/system/timers.target.wants"))).toEqual([]);
    expect(readdirSync(join(root, "etc/systemd/user/sockets.target.wants"))).toEqual([]);
    expect(readdirSync(join(root, "etc/systemd/system")).sort()).toEqual([
      "ctrl-alt-del.target",
      "multi-user.target.wants",
      "timers.target.wants",
    ]);
    expect(readdirSync(join(root, "etc/rc2.d")).sort()).toEqual(["K01redis-server", "S01cron"]);
    expect(called()).toEqual(["update-rc.d redis-server disable"]);
  });

  it("takes the links of run levels away itself where nothing else can", async () => {
    rmSync(join(root, "stubs/update-rc.d"));
    process.env.PATH = join(root, "stubs");
    await withoutNewServices(async () => install(), root);
    expect(readdirSync(join(root, "etc/rc2.d"))).toEqual(["S01cron"]);
  });

  it("starts nothing, and takes its policy away when it is over, also when it fails", async () => {
    let said;
    const failing = withoutNewServices(async () => {
      const child = spawn(policy(), ["redis-server", "start"]);
      [said] = await once(child, "exit");
      install();
      throw new Error("no space left");
    }, root);
    await expect(failing).rejects.toThrow("no space left");
    expect(said).toBe(101);
    expect(existsSync(policy())).toBe(false);
    expect(enabled()).toEqual(["ssh.service"]);
  });

  it("leaves somebody's own policy as it is, and stops what that let start", async () => {
    write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 0\n", 0o755);
    program("etc/init.d/redis-server");
    await withoutNewServices(async () => install(), root);
    expect(readFileSync(policy(), "utf8")).toBe("#!/bin/sh\nexit 0\n");
    expect(called()).toContain("redis-server stop");
  });

  it("stops it through systemd where that runs", async () => {
    write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 0\n", 0o755);
    mkdirSync(join(root, "run/systemd/system"), { recursive: true });
    await withoutNewServices(async () => install(), root);
    const stop = called().find((line) => line.startsWith("systemctl stop"));
    expect(stop?.split(" ")).toEqual(expect.arrayContaining(["redis-server.service", "nats-server.service"]));
    expect(stop).not.toContain("ssh");
    expect(called().at(-1)).toBe("systemctl daemon-reload");
  });

  it("calls nothing when no service came", async () => {
    await withoutNewServices(async () => undefined, root);
    expect(called()).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("a setup in a process of its own", () => {
  /** Begins an installation that takes until it is told to end. */
  async function begin() {
    link("../init.d/old", "etc/rc3.d/S01old");
    const module = pathToFileURL(join(import.meta.dirname, "services.mjs")).href;
    const script = `import { existsSync, symlinkSync } from "node:fs";
      import { withoutNewServices } from ${JSON.stringify(module)};
      await withoutNewServices(async () => {
        symlinkSync("x", ${JSON.stringify(join(root, wants, "late.service"))});
        console.log("installing");
        while (!existsSync(${JSON.stringify(join(root, "end"))})) await new Promise((next) => setTimeout(next, 20));
      }, ${JSON.stringify(root)});
      console.log("went on");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        said += data;
      });
    await vi.waitFor(() => expect(said).toContain("installing"), { timeout: 20_000 });
    return { child, said: () => said, ended: once(child, "exit") };
  }

  it.each(["SIGINT", "SIGTERM", "SIGHUP"])(
    "that gets %s puts everything back and then ends by it",
    async (signal) => {
      const { child, said, ended } = await begin();
      expect(existsSync(policy())).toBe(true);
      child.kill(signal);
      await vi.waitFor(() => expect(said()).toContain("interrupted"), { timeout: 20_000 });
      writeFileSync(join(root, "end"), "");
      expect(await ended).toEqual([null, signal]);
      expect(said()).not.toContain("went on");
      expect(existsSync(policy())).toBe(false);
      expect(enabled()).toEqual(["ssh.service"]);
    },
  );

  it("that is killed leaves a policy which the next one takes away, and not before", async () => {
    const { child, ended } = await begin();
    removeStalePolicy(root);
    expect(existsSync(policy())).toBe(true);
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(policy())).toBe(true);
    removeStalePolicy(root);
    expect(existsSync(policy())).toBe(false);
  });
});
