/** A name under which a process beats, and when it last did. */
export interface BeatingName {
  readonly name: string;
  /** By the console's clock. */
  readonly seenMs: number;
  /** By the host's own. */
  readonly timeMs: number | undefined;
}

export interface NamedBeat {
  name: string;
  timeMs?: number | undefined;
  uptimeSeconds?: number | undefined;
}

/** What two clocks and whole seconds of uptime may be apart. */
const slackMs = 3_000;

/** The names that beat under one host id, of which there is one as a rule: every process makes up its own at its start. */
export function withBeat(
  names: readonly BeatingName[],
  { name, timeMs }: NamedBeat,
  { now, periodMs }: { now: number; periodMs: number },
): readonly BeatingName[] {
  const others = names.filter((each) => each.name !== name && now - each.seenMs < 4 * periodMs);
  return [{ name, seenMs: now, timeMs }, ...others].slice(0, 3);
}

/**
 * The processes that share a host id (wasmcloud-control trap 41): the one that beats had started before another name
 * beat last, by the clocks of both sides, so that it is no restart. Undefined as long as there is one.
 */
export function twinsOf(names: readonly BeatingName[], beat: NamedBeat, now: number): string[] | undefined {
  const { name, timeMs, uptimeSeconds } = beat;
  if (uptimeSeconds === undefined) return undefined;
  const ranBefore = (at: number | undefined, lastBeat: number | undefined): boolean =>
    at === undefined || lastBeat === undefined || at - uptimeSeconds * 1_000 + slackMs < lastBeat;
  const twin = names.find(
    (other) => other.name !== name && ranBefore(now, other.seenMs) && ranBefore(timeMs, other.timeMs),
  );
  return twin && [name, twin.name].sort();
}

/** What to say about them. */
export function twinsProblem([first, second]: readonly string[]): string {
  return `Two processes beat under this id, ${first} and ${second}: they have one host seed. What is shown changes with each heartbeat, and both carry out what is sent. Stop one, or give it a seed of its own.`;
}
