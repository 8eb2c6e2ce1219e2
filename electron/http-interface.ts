import type { consoleOperations } from "../shared/console/operations.ts";
import type { HttpInterfaceState } from "../shared/console/schema.ts";
import { Failure, type Handlers } from "../shared/contract/index.ts";
import { bearerToken } from "./bearer-token.ts";
import type { HttpService } from "./bridge/http.ts";
import { HttpAccess } from "./bridge/http-access.ts";
import { type ListeningServer, listenOnLoopback } from "./http-server.ts";

export interface HttpInterfaceParts {
  mode: "desktop" | "headless";
  /** The adapter itself; it asks for the port once it is listened on. */
  service: (access: HttpAccess, port: () => number) => HttpService;
  /** Where the bearer token is kept; made when it is first needed. */
  tokenFile: string;
  now(): number;
}

/** The console over HTTP on loopback: always on without a window, off in the desktop application until switched on. */
export class HttpInterface {
  private server: ListeningServer | undefined;

  constructor(private readonly parts: HttpInterfaceParts) {}

  readonly handlers: Pick<Handlers<typeof consoleOperations>, "console.http.get" | "console.http.switch"> = {
    "console.http.get": () => this.state(),
    "console.http.switch": async ({ on, port }) => {
      if (this.parts.mode === "headless") throw needed();
      if (on) await this.switchOn(port);
      else await this.close();
      return this.state();
    },
  };

  /** Listens; answers with the address and a one-time token for a browser. Throws an Error where the port is taken. */
  async listen(port: number): Promise<string> {
    const access = new HttpAccess(bearerToken(this.parts.tokenFile), this.parts.now);
    const service = this.parts.service(access, () => this.server?.port ?? port);
    this.server = await listenOnLoopback(service, port);
    return `${this.address(this.server)}/?token=${access.issueOneTimeToken()}`;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    await server?.close();
  }

  private state(): HttpInterfaceState {
    const { server } = this;
    if (!server) return { on: false };
    return {
      on: true,
      port: server.port,
      address: `${this.address(server)}/api`,
      tokenFile: this.parts.tokenFile,
    };
  }

  private async switchOn(port: number): Promise<void> {
    if (this.server?.port === port || (this.server && port === 0)) return;
    await this.close();
    try {
      await this.listen(port);
    } catch (error) {
      throw new Failure({
        code: "conflict",
        message: `HTTP could not be switched on: ${error instanceof Error ? error.message : String(error)}.`,
        details: { port },
        hint: "Choose another port, or 0 for a free one.",
      });
    }
  }

  private address({ port }: ListeningServer): string {
    return `http://127.0.0.1:${port}`;
  }
}

function needed(): Failure {
  return new Failure({
    code: "conflict",
    message: "This console has no window: it is always served over HTTP.",
    hint: "Choose its port with --port when it is started.",
  });
}
