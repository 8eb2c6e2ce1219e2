import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, test as base, expect, type Page, type TestInfo } from "@playwright/test";
import type { ConnectionDraftProfile } from "../../shared/connections/schema.ts";
import type { Guard } from "../../shared/contract/index.ts";
import { connect, goToPlace } from "./connect.ts";
import {
  type ConsoleSettings,
  dataDirectory,
  type RunningConsole,
  type Shell,
  startBrowser,
  startConsole,
} from "./console.ts";
import { pageProblems } from "./page-problems.ts";
import { type PlaygroundProcess, startPlaygroundProcess } from "./playground.ts";

interface Stage {
  shell: Shell;
  /** Data folder of the story's consoles. */
  directory: string;
  /** A playground without life and with quick heartbeats; started when a story first asks for it. */
  playground(args?: readonly string[]): Promise<PlaygroundProcess>;
  /** A console; by default without its own playground. All of them share one data folder. */
  open(settings?: Partial<ConsoleSettings>): Promise<RunningConsole>;
  /** A console that follows the playground's lattice, with the page on the named screen. */
  follow(playground: PlaygroundProcess, options?: FollowOptions): Promise<RunningConsole>;
}

interface FollowOptions {
  guard?: Guard;
  relockMinutes?: number;
  /** Of the connection, in milliseconds. */
  requestTimeoutMs?: number;
  page?: string;
  name?: string;
  settings?: Partial<ConsoleSettings>;
}

/** The connection that stories use. */
export const connectionId = "story";

/** Stories run in the real Electron and in Chromium against the headless console, by Playwright project. */
export const test = base.extend<{ stage: Stage }, { browserOfWorker: () => Promise<Browser> }>({
  browserOfWorker: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's shape
    async ({}, use) => {
      let started: Promise<Browser> | undefined;
      await use(() => {
        started ??= startBrowser();
        return started;
      });
      await (await started)?.close();
    },
    { scope: "worker" },
  ],
  stage: async ({ browserOfWorker }, use, info) => {
    const shell = (info.project.metadata as { shell: Shell }).shell;
    const ends: (() => unknown)[] = [];
    const data = dataDirectory();
    const stage: Stage = {
      shell,
      directory: data.directory,
      playground: async (args = []) => {
        const started = await startPlaygroundProcess([
          "--calm",
          "--heartbeat-seconds",
          "1",
          // Older hosts beat every 30 s, whatever is set, and would soon be called lost here.
          "--versions",
          "1.1.1,1.5.1,1.8.0,1.9.1,1.9.2",
          "--no-staging",
          ...args,
        ]);
        ends.unshift(started.stop);
        return started;
      },
      open: async (settings = {}) => {
        const started = await startConsole(shell, {
          directory: data.directory,
          browser: browserOfWorker,
          args: ["--no-playground"],
          ...settings,
        });
        ends.unshift(() => finish(started, info));
        // Tables keep their order while the pointer rests in them, and it may happen to be there.
        await started.page.mouse.move(1, 1);
        return started;
      },
      follow: async (playground, options = {}) => {
        const started = await stage.open(options.settings);
        const secrets = { token: playground.natsToken };
        await connect(started, {
          connectionId,
          profile: latticeProfile(playground.natsUrl, options),
          secrets,
        });
        await goTo(started.page, options.page ?? "overview");
        return started;
      },
    };
    await use(stage);
    const complaints: unknown[] = [];
    for (const end of ends) complaints.push(await end());
    const logged = errorsLogged(data.directory);
    data.remove();
    expect(complaints.flat().filter((one) => typeof one === "string")).toEqual([]);
    expect(logged).toEqual([]);
  },
});

export { expect };

/** Closes a console and answers with what its page complained about; shows the page of a story that failed. */
async function finish(started: RunningConsole, info: TestInfo): Promise<string[]> {
  if (started.page.isClosed()) return [];
  const problems = await pageProblems(started.page).catch(() => []);
  if (info.status !== info.expectedStatus) {
    const body = await started.page.screenshot().catch(() => undefined);
    if (body) await info.attach("the page at the end", { body, contentType: "image/png" });
  }
  await started.close();
  return problems;
}

/** The failures that a console wrote into its log: none of them may come from the console itself. */
function errorsLogged(directory: string): string[] {
  const file = join(directory, "logs", "main.log");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes("[error]"));
}

/** Shows a screen of the story's lattice. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await goToPlace(page, `/c/${connectionId}/default/${screen}`);
}

type ProfileOptions = Omit<FollowOptions, "page" | "settings">;

/** A connection to the lattice at this address, which wants a token, with the short waits of a simulation. */
export function latticeProfile(address: string, options: ProfileOptions = {}): ConnectionDraftProfile {
  const { guard = "open", name = "Story lattice", relockMinutes = 0, requestTimeoutMs = 1_000 } = options;
  return {
    guard,
    name,
    relockMinutes,
    color: "#339af0",
    environment: "TEST",
    openAtStart: true,
    system: "lattice",
    target: {
      addresses: [address],
      authentication: { method: "token" },
      requestTimeoutMs,
      auctionTimeoutMs: 1_000,
      heartbeatSeconds: 1,
    },
  };
}
