import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Json, Request } from "../../../playground/flux/testing/recorded-calls.ts";
import { within } from "../../../playground/lattice/testing/replay-target.ts";
import { RealPrograms } from "../../testing/real-programs.ts";
import type { DaemonSocket } from "../client/daemon-socket.ts";
import { ServerError } from "../client/rpc-errors.ts";
import { defaultLimits } from "../listener/limits.ts";
import { Listener } from "../listener/listener.ts";
import { holder, token } from "./console-side.ts";
import { asHere, asRecorded } from "./real-names.ts";

const startMs = 60_000;
const callMs = 60_000;

/**
 * A real daemon that has dialled a listener of ours. It is asked, and answers, with the names that the recording has.
 * Its git first waits: a repository is cloned only after `release`.
 */
export class RealDaemon {
  /** The message of the commit that overtakes a push. */
  static readonly racing = "Overtake the daemon";
  /** Events as they were posted. */
  readonly posted: string[] = [];
  readonly #programs = new RealPrograms();
  readonly #listener: Listener;
  #socket: DaemonSocket | undefined;

  private constructor() {
    this.#listener = new Listener({
      target: { host: "127.0.0.1", port: 0 },
      limits: defaultLimits,
      holders: () => [holder("shop")],
      onDaemon: (_, socket) => {
        this.#socket = socket;
        return () => undefined;
      },
      onEvent: (_, body) => this.posted.push(body),
      onChange: () => undefined,
      now: () => Date.now(),
    });
  }

  /** Starts one with these files in its repository, beside the manifest that it makes itself. */
  static async start(program: string, files: Record<string, string>): Promise<RealDaemon> {
    const daemon = new RealDaemon();
    await daemon.#listener.open();
    daemon.#holdGit();
    for (const [path, text] of Object.entries(files)) daemon.#write(join("work", path), text);
    const { folder } = daemon;
    daemon.#programs.run(program, ["--connect", daemon.#listener.url, "--token", token, "--folder", folder], {
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    });
    await within(startMs, () => daemon.#socket !== undefined && existsSync(daemon.#origin));
    if (!daemon.#socket) throw new Error("the real daemon does not dial");
    return daemon;
  }

  get folder(): string {
    return this.#programs.folder;
  }

  /** Makes a recorded call; an answer without a result has the daemon's own error, which our client takes in. */
  async call(request: Request): Promise<Json> {
    const { method, params } = asHere(request, this.folder);
    const rpc = this.#socket?.rpc;
    if (!rpc) throw new Error("the real daemon is not connected");
    const answer = await rpc.call(method.replace("RPCServer.", ""), params[0], callMs).then(
      (result) => ({ id: 0, result, error: null }),
      (error: unknown) => {
        if (error instanceof ServerError) return { id: 0, result: null, error: error.message };
        throw error;
      },
    );
    return asRecorded(answer, this.folder);
  }

  /** The events of a type, with the names of the recording. */
  events(type: string): Json[] {
    return this.posted
      .map((body) => asRecorded(JSON.parse(body) as Json, this.folder))
      .filter((event) => event.type === type);
  }

  /** Lets git clone the repository, and waits until the daemon says this of it. */
  async release(status: string): Promise<void> {
    rmSync(this.#hold);
    await this.until({ method: "RPCServer.GitRepoConfig", params: [false] }, (answer) =>
      JSON.stringify(answer).includes(status),
    );
  }

  /** Waits until every commit that the daemon knows of is applied. */
  untilSynced(): Promise<void> {
    return this.until({ method: "RPCServer.SyncStatus", params: ["main"] }, ({ result }) =>
      JSON.stringify(result).includes("[]"),
    );
  }

  /** Repeats a call until it is answered like this. */
  async until(request: Request, isSo: (answer: Json) => boolean): Promise<void> {
    for (const end = Date.now() + startMs; Date.now() < end; ) {
      if (isSo(await this.call(request))) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the real daemon goes on answering ${request.method} otherwise`);
  }

  /** Takes the repository away, or gives its branch another name. */
  loseRepository(): void {
    renameSync(this.#origin, `${this.#origin}.gone`);
  }

  renameBranch(): void {
    this.#git("-C", this.#origin, "branch", "-m", "master", "elsewhere");
  }

  /** Commits a change to the repository as somebody else; `undefined` in place of a text removes the file. */
  commit(path: string, text: string | undefined): void {
    const clone = join(this.folder, "other");
    if (!existsSync(clone)) this.#git("clone", "--quiet", this.#origin, clone);
    this.#git("-C", clone, "pull", "--quiet", "--rebase");
    if (text === undefined) rmSync(join(clone, path));
    else this.#write(join("other", path), text);
    this.#git("-C", clone, "add", "--all");
    const author = ["-c", "user.name=grace", "-c", "user.email=grace@example.test"];
    this.#git("-C", clone, ...author, "commit", "--quiet", "-m", `change ${path}`);
    this.#git("-C", clone, "push", "--quiet");
  }

  /** Lets somebody else commit just before the daemon's next push. */
  raceNextPush(): void {
    const clone = join(this.folder, "racer");
    this.#git("clone", "--quiet", this.#origin, clone);
    const author = ["-c", "user.name=grace", "-c", "user.email=grace@example.test"];
    this.#git("-C", clone, ...author, "commit", "--quiet", "--allow-empty", "-m", RealDaemon.racing);
    writeFileSync(this.#race, "");
  }

  async close(): Promise<void> {
    await this.#programs.close();
    await this.#listener.close();
  }

  get #origin(): string {
    return join(this.folder, "origin.git");
  }

  get #hold(): string {
    return join(this.folder, "hold");
  }

  get #race(): string {
    return join(this.folder, "race");
  }

  #git(...args: string[]): void {
    execFileSync("git", args, { env: { PATH: process.env.PATH, HOME: this.folder }, stdio: "ignore" });
  }

  /** Puts a git before the real one that can wait, and that can be overtaken. */
  #holdGit(): void {
    const git = execFileSync("sh", ["-c", "command -v git"]).toString().trim();
    writeFileSync(this.#hold, "");
    const script = `#!/bin/sh
case " $* " in
*" --mirror "*) while [ -e '${this.#hold}' ]; do sleep 0.05; done ;;
*" push "*" refs/notes/"*) [ -e '${this.#race}' ] && rm '${this.#race}' && '${git}' -C '${this.folder}/racer' push --quiet ;;
esac
exec '${git}' "$@"
`;
    this.#write("bin/git", script);
    execFileSync("chmod", ["+x", join(this.folder, "bin", "git")]);
  }

  #write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
