import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import { type Activity, type ActivityState, isInFlight } from "../../shared/contract/index.ts";

/** One thing to be told outside of the window. */
export interface SettledNotice {
  title: string;
  body: string;
  /** Address of the page that shows it, such as `/c/prod/default/activity?open=…`. */
  path: string;
}

export interface SettledNoticesParts {
  /** Whether anybody wants to be told at this moment. */
  isWanted(): boolean;
  show(notice: SettledNotice): void;
  /** Undefined where the connection exists no more. */
  profile(connectionId: string): ConnectionProfile | undefined;
  /** Milliseconds without news after which something counts as settled. */
  quietMs?: number;
}

interface Group {
  members: Map<string, Activity>;
  timer?: NodeJS.Timeout | undefined;
  /** Whether somebody wanted to be told when the last of them settled. */
  wanted: boolean;
}

/** How many settled activities are remembered, so that none is told twice. */
const mostTold = 2_000;

/** Tells once of each activity that has settled, and once of all of a bulk. */
export class SettledNotices {
  private readonly groups = new Map<string, Group>();
  private readonly told = new Set<string>();

  constructor(private readonly parts: SettledNoticesParts) {}

  /** Hears each step of each activity. */
  hear(activity: Activity): void {
    const key = activity.batch ?? activity.id;
    const group: Group = this.groups.get(key) ?? { members: new Map(), wanted: false };
    this.groups.set(key, group);
    group.members.set(activity.id, activity);
    clearTimeout(group.timer);
    group.timer = undefined;
    if ([...group.members.values()].some(({ state }) => isInFlight(state))) return;
    group.wanted = this.parts.isWanted();
    group.timer = setTimeout(() => this.tell(key, group), this.parts.quietMs ?? 1_500);
    group.timer.unref();
  }

  close(): void {
    for (const { timer } of this.groups.values()) clearTimeout(timer);
    this.groups.clear();
  }

  private tell(key: string, { members, wanted }: Group): void {
    this.groups.delete(key);
    const fresh = [...members.values()].filter((activity) => !this.wasTold(activity));
    for (const activity of fresh) this.remember(activity);
    const [first] = fresh;
    if (!first || !wanted || !this.parts.isWanted()) return;
    const profile = this.parts.profile(first.connectionId);
    const notice = fresh.length === 1 ? noticeOf(first, profile) : summaryOf(fresh, first, profile);
    this.parts.show({
      ...notice,
      title: plainText(notice.title, longestTitle),
      body: plainText(notice.body, longestBody),
    });
  }

  /** What was told as confirmed has been told as done; that a reading has verified it too is no news. */
  private wasTold({ id, state }: Activity): boolean {
    return this.told.has(`${id} ${state}`) || (state === "verified" && this.told.has(`${id} confirmed`));
  }

  private remember({ id, state }: Activity): void {
    this.told.add(`${id} ${state}`);
    const [oldest] = this.told;
    if (this.told.size > mostTold && oldest !== undefined) this.told.delete(oldest);
  }
}

const longestTitle = 150;
const longestBody = 400;
const plainOf: Readonly<Record<string, string>> = { "<": "‹", ">": "›", "&": "＆" };

/**
 * A text of far systems as any notification server shows it: some read the body as markup, some show escaped characters as
 * they are written, so that what would be markup is replaced by what looks like it.
 */
function plainText(text: string, longest: number): string {
  const line = text
    .slice(0, longest * 4)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}]/gu, "")
    .replace(/[<>&]/g, (character) => plainOf[character] as string);
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

function noticeOf(activity: Activity, profile: ConnectionProfile | undefined): SettledNotice {
  const { title, state, message, id } = activity;
  return {
    title: `${title}: ${state}`,
    body: `${placeName(activity, profile)}: ${message}`,
    path: `${pageOf(activity, profile)}?open=${encodeURIComponent(id)}`,
  };
}

function summaryOf(
  members: readonly Activity[],
  first: Activity,
  profile: ConnectionProfile | undefined,
): SettledNotice {
  return {
    title: `${first.title} and ${members.length - 1} more`,
    body: `${placeName(first, profile)}: ${countsOf(members)}`,
    path: `${pageOf(first, profile)}?batch=${encodeURIComponent(first.batch ?? "")}`,
  };
}

const order: readonly ActivityState[] = ["failed", "refused", "unknown", "verified", "confirmed"];

/** What needs a look comes first: `1 failed, 7 verified`. */
function countsOf(members: readonly Activity[]): string {
  return order
    .map((state) => [members.filter((one) => one.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`)
    .join(", ");
}

function placeName(activity: Activity, profile: ConnectionProfile | undefined): string {
  return profile ? `${profile.environment} ${profile.name}` : activity.connectionId;
}

function pageOf(activity: Activity, profile: ConnectionProfile | undefined): string {
  if (!profile) return "/activity";
  const connection = encodeURIComponent(profile.id);
  if (profile.system !== "lattice") return `/${profile.system}/${connection}/activity`;
  const lattice = encodeURIComponent(activity.target?.lattice ?? profile.target.lattice);
  return `/c/${connection}/${lattice}/activity`;
}
