import type { ConnectionProfile, ProfileOf } from "../../shared/connections/schema.ts";
import { asFailure, type Failure } from "../../shared/contract/index.ts";
import { LiveConnection, type LiveConnectionParts } from "./live-connection.ts";
import type { DrivenSystem, SystemDriver, SystemLink } from "./system-driver.ts";
import { requireDriver } from "./systems.ts";

/** How often a system is asked whether it is still there: while it is, and while it is not. */
export interface CheckPace {
  openMs: number;
  lostMs: number;
}

export const usualPace: CheckPace = { openMs: 10_000, lostMs: 2_000 };

/** The life of one connection that a feature's driver makes; it is asked regularly whether it is still there. */
export class LiveSystem extends LiveConnection<ProfileOf<DrivenSystem>, SystemLink> {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    profile: ProfileOf<DrivenSystem>,
    private readonly driver: SystemDriver | undefined,
    private readonly pace: CheckPace,
    parts: LiveConnectionParts,
  ) {
    super(profile, parts);
  }

  protected async connect(): Promise<SystemLink> {
    const { profile } = this;
    const secrets = await this.parts.secrets(profile);
    return requireDriver(this.driver, profile.system).open(profile, secrets);
  }

  override adopt(profile: ConnectionProfile): boolean {
    return this.link?.adopt?.(profile) ?? false;
  }

  protected begin(link: SystemLink): void {
    this.change({ state: "open", server: link.server });
    void this.check(link);
  }

  protected end(): void {
    clearTimeout(this.timer);
  }

  protected shut(link: SystemLink): Promise<void> {
    return link.close();
  }

  protected failureOf(error: unknown): Failure {
    return asFailure(error);
  }

  /** Only what a person has to correct does not pass by itself. */
  protected mayPass({ code }: Failure): boolean {
    return code === "unreachable" || code === "timeout" || code === "upstream_invalid";
  }

  private async check(link: SystemLink): Promise<void> {
    try {
      const roundTripMs = await link.check();
      if (this.link === link) this.change({ state: "open", server: link.server, roundTripMs });
    } catch (error) {
      if (this.link === link) this.change({ state: "reconnecting", failure: asFailure(error).toData() });
    }
    if (this.link !== link) return;
    const wait = this.status.state === "open" ? this.pace.openMs : this.pace.lostMs;
    this.timer = setTimeout(() => void this.check(link), wait);
  }
}
