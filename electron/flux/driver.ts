import type { ConnectionProfile, Diagnosis, ProfileOf } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import type { SystemDriver, SystemLink } from "../connections/system-driver.ts";
import { diagnoseListener } from "./diagnosis.ts";
import { FluxSession, type FluxSessionParts } from "./flux-session.ts";
import { Listeners } from "./listeners.ts";

export type DriverParts = Omit<FluxSessionParts, "connectionId" | "target">;

/** Opens listeners and keeps what is known of each: to Flux, "connected" means that we listen. */
export class FluxDriver implements SystemDriver<"flux"> {
  /** A session began (with its rows to come) or ended. */
  readonly sessions = new Listeners<{
    connectionId: string;
    session: FluxSession | undefined;
    former: FluxSession | undefined;
  }>();
  readonly #parts: DriverParts;
  readonly #sessions = new Map<string, FluxSession>();

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  find(connectionId: string): FluxSession | undefined {
    return this.#sessions.get(connectionId);
  }

  /** Throws `unreachable` while the connection is not open. */
  get(connectionId: string): FluxSession {
    const session = this.#sessions.get(connectionId);
    if (session) return session;
    throw new Failure({
      code: "unreachable",
      message: "The console does not listen for daemons of this connection.",
      details: { connectionId, delivered: false },
      hint: "Open the connection.",
    });
  }

  async open({ id, target }: ProfileOf<"flux">): Promise<SystemLink> {
    const session = new FluxSession({ ...this.#parts, connectionId: id, target });
    await session.listener.open();
    this.#sessions.set(id, session);
    this.sessions.tell({ connectionId: id, session, former: undefined });
    return {
      server: session.listener.url,
      check: async () => slowestRoundTrip(session),
      adopt: (profile) => adopt(session, target, profile),
      close: async () => {
        if (this.#sessions.get(id) === session) this.#sessions.delete(id);
        this.sessions.tell({ connectionId: id, session: undefined, former: session });
        await session.close();
      },
    };
  }

  diagnose({ target }: { target: ProfileOf<"flux">["target"] }): Promise<Diagnosis> {
    const open = [...this.#sessions.values()].map(({ listener }) => listener.url);
    return diagnoseListener(target, open);
  }
}

/** There is no round trip to a port of our own: that of the daemons counts. */
function slowestRoundTrip(session: FluxSession): number {
  return Math.max(
    0,
    ...session.rows().map(({ status, roundTripMs = 0 }) => (status === "connected" ? roundTripMs : 0)),
  );
}

/** Other tokens need no new port. */
function adopt(
  session: FluxSession,
  before: ProfileOf<"flux">["target"],
  profile: ConnectionProfile,
): boolean {
  if (profile.system !== "flux") return false;
  const { host, port, certificateFile, keyFile, daemons } = profile.target;
  const same =
    host === before.host &&
    port === before.port &&
    certificateFile === before.certificateFile &&
    keyFile === before.keyFile;
  if (same) session.adopt(daemons);
  return same;
}
