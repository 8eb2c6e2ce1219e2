import type { accessOperations } from "../shared/console/access-operations.ts";
import type { consoleOperations } from "../shared/console/operations.ts";
import type { HttpInterfaceState } from "../shared/console/schema.ts";
import { Failure, type Handlers } from "../shared/contract/index.ts";
import { bearerToken } from "./bearer-token.ts";
import { HttpAccess } from "./bridge/http/access.ts";
import type { HttpApp } from "./bridge/http/app.ts";
import { type ListeningServer, listenOnLoopback } from "./bridge/http/server.ts";
import { accessHandlers } from "./http-handlers.ts";
import type { TokenStore } from "./http-tokens.ts";

export interface HttpInterfaceParts {
  mode: "desktop" | "headless";
  /** The adapter itself; it asks for the port once it is listened on. */
  app: (access: HttpAccess, port: () => number) => HttpApp;
  /** Where the bearer token is kept; made when it is first needed. */
  tokenFile: string;
  tokens: TokenStore;
  now(): number;
}

/** Where the console answers, and how a person gets in. */
export interface Listening {
  /** The address of the pages; it opens nothing by itself. */
  address: string;
  tokenFile: string;
  /** Makes an address that signs one browser in, once, within five minutes: for a terminal that a person looks at, and nothing that is kept. */
  signInLink(): string;
}

interface Running {
  server: ListeningServer;
  access: HttpAccess;
  sweeping: ReturnType<typeof setInterval>;
}

type ConsoleHandlers = Pick<Handlers<typeof consoleOperations>, "console.http.get" | "console.http.switch">;

/** What is over is refused in any case; this ends the streams that are open still. */
const sweepMs = 15_000;

/** The console over HTTP on loopback: always on without a window, off in the desktop application until switched on. */
export class HttpInterface {
  private running: Running | undefined;
  /** Switching takes a while: one after the other, each from what the one before has left. */
  private switching: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly parts: HttpInterfaceParts) {}

  readonly handlers: ConsoleHandlers & Handlers<typeof accessOperations> = {
    "console.http.get": () => this.state(),
    "console.http.switch": async ({ on, port }) => {
      if (this.parts.mode === "headless") throw needed();
      return this.inTurn(async () => {
        if (on) await this.switchOn(port);
        else await this.stop();
        return this.state();
      });
    },
    ...accessHandlers(
      () => this.parts.tokens,
      () => this.open(),
    ),
  };

  /** Listens. Throws an Error where the port is taken. */
  listen(port: number): Promise<Listening> {
    return this.inTurn(() => this.start(port));
  }

  /** For good: whatever was asked for before or after, nothing is listened on when this has resolved. */
  close(): Promise<void> {
    this.closed = true;
    return this.inTurn(() => this.stop());
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.switching.then(work);
    this.switching = result.catch(() => undefined);
    return result;
  }

  private async start(port: number): Promise<Listening> {
    if (this.closed) throw new Error("the console is closing");
    const { tokens, tokenFile, now } = this.parts;
    const fileToken = bearerToken(tokenFile);
    const access = new HttpAccess(tokens, now);
    const app = this.parts.app(access, () => this.running?.server.port ?? port);
    const server = await listenOnLoopback(app, port);
    tokens.setFileToken(fileToken);
    const sweeping = setInterval(() => this.sweep(), sweepMs);
    sweeping.unref();
    this.running = { server, access, sweeping };
    const invitation = { scope: "change", origin: "terminal", madeBy: "the console's start" } as const;
    return {
      address: `${addressOf(server)}/`,
      tokenFile,
      signInLink: () => signInLink(server, access.sessions.invite(invitation).token),
    };
  }

  private async stop(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    this.parts.tokens.setFileToken(undefined);
    this.parts.tokens.flush();
    if (!running) return;
    clearInterval(running.sweeping);
    await running.server.close();
  }

  private sweep(): void {
    this.running?.access.sweep();
    this.parts.tokens.flush();
  }

  private open(): { access: HttpAccess; signInLink: (token: string) => string } | undefined {
    const { running } = this;
    return running && { access: running.access, signInLink: (token) => signInLink(running.server, token) };
  }

  private state(): HttpInterfaceState {
    if (!this.running) return { on: false };
    const { server } = this.running;
    return {
      on: true,
      port: server.port,
      address: `${addressOf(server)}/api`,
      tokenFile: this.parts.tokenFile,
    };
  }

  private async switchOn(port: number): Promise<void> {
    const present = this.running?.server.port;
    if (present !== undefined && (present === port || port === 0)) return;
    await this.stop();
    try {
      await this.start(port);
    } catch (error) {
      throw new Failure({
        code: "conflict",
        message: `HTTP could not be switched on: ${error instanceof Error ? error.message : String(error)}.`,
        details: { port },
        hint: "Choose another port, or 0 for a free one.",
      });
    }
  }
}

/** In the fragment, which no browser sends to any server. */
function signInLink(server: ListeningServer, token: string): string {
  return `${addressOf(server)}/#token=${token}`;
}

function addressOf({ port }: ListeningServer): string {
  return `http://127.0.0.1:${port}`;
}

function needed(): Failure {
  return new Failure({
    code: "conflict",
    message: "This console has no window: it is always served over HTTP.",
    hint: "Choose its port with --port when it is started.",
  });
}
