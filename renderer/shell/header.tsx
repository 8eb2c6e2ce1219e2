import { Button, Tooltip, UnstyledButton } from "@mantine/core";
import { IconAntenna, IconLock, IconLockOpen, IconSearch } from "@tabler/icons-react";
import { Link } from "react-router";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import { isInFlight } from "../../shared/contract/index.ts";
import { useCommand } from "../client/query.ts";
import { useTopic, useTopicField, useTopicRow } from "../client/use-topic.ts";
import { useNow } from "../state/clock.ts";
import { pathTo } from "../state/paths.ts";
import { useRateHistory } from "../state/rate-history.ts";
import type { LatticeSelection, Selection } from "../state/selection.ts";
import { EnvironmentBadge } from "../ui/environment-badge.tsx";
import { formatCountdown, formatQuantity, formatRate, formatRoundTrip } from "../ui/format.ts";
import { KeyHint } from "../ui/key-hint.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { Sparkline } from "../ui/sparkline.tsx";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";
import { ConnectionSwitcher } from "./connection-switcher.tsx";
import classes from "./frame.module.css";
import own from "./header.module.css";
import { LatticeSwitcher } from "./lattice-switcher.tsx";
import { palette } from "./palette-store.ts";

/** Where one is, how to get elsewhere, and how much happens. */
export function Header({ selection }: { selection: Selection | undefined }) {
  return (
    <header className={classes.header}>
      <div className={own.place}>
        <ConnectionSwitcher selection={selection} />
        {selection && selection.system === undefined && (
          <>
            <span className={own.slash} aria-hidden="true">
              /
            </span>
            <LatticeSwitcher selection={selection} />
          </>
        )}
        {selection?.profile && (
          <>
            <EnvironmentBadge name={selection.profile.environment} color={selection.profile.color} />
            <GuardMark profile={selection.profile} />
          </>
        )}
      </div>
      <UnstyledButton
        className={own.search ?? ""}
        onClick={() => palette.open()}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <IconSearch size={14} aria-hidden="true" />
        <span className={own.searchText}>Search or run a command…</span>
        <span className={own.wide} aria-hidden="true">
          <KeyHint keys="mod+k" />
        </span>
      </UnstyledButton>
      <div className={own.figures}>
        {selection && selection.system === undefined && <EventRate selection={selection} />}
        {selection?.status && <RoundTrip selection={selection} />}
        <ListenerBadge />
        <InFlight selection={selection} />
      </div>
    </header>
  );
}

function EventRate({ selection }: { selection: LatticeSelection }) {
  const scope = { connectionId: selection.connectionId };
  const rate = useTopicField("lattice.lattices", scope, selection.lattice, (row) => row.eventsPerSecond) ?? 0;
  const history = useRateHistory(`${selection.connectionId}/${selection.lattice}`, rate);
  return (
    <Tooltip label="Events per second in this lattice, last minute">
      <span className={own.figure}>
        <span className={own.wide}>
          <Sparkline values={history} />
        </span>
        {formatRate(rate)} ev/s
      </span>
    </Tooltip>
  );
}

function RoundTrip({ selection }: { selection: Selection }) {
  const { state, roundTripMs } = selection.status ?? { state: "closed" };
  const look = lookOf(state);
  const text = state === "open" && roundTripMs !== undefined ? formatRoundTrip(roundTripMs) : look.word;
  return (
    <Tooltip
      label={`Connection ${look.word}${roundTripMs === undefined ? "" : "; round trip to the server"}`}
    >
      <span className={own.figure}>
        <StateGlyph shape={look.shape} tone={look.tone} />
        {text}
      </span>
    </Tooltip>
  );
}

function InFlight({ selection }: { selection: Selection | undefined }) {
  const count = useTopic("activity").rows.filter((activity) => isInFlight(activity.state)).length;
  return (
    <Tooltip label={`${formatQuantity(count, "activity", "activities")} in flight`}>
      <Link
        to={pathTo("activity", selection)}
        className={own.inFlight ?? ""}
        aria-label={`${formatQuantity(count, "activity", "activities")} in flight`}
      >
        <StateGlyph shape={count > 0 ? "half" : "ring"} tone={count > 0 ? "flight" : "idle"} />
        {count}
      </Link>
    </Tooltip>
  );
}

/** Says as long as a port of this machine is open for Flux daemons; nothing else lets others in. */
function ListenerBadge() {
  const open = useTopic("connections").rows.filter(
    ({ profile, status }) => profile.system === "flux" && status.state === "open",
  );
  const [first] = open;
  if (!first) return null;
  const addresses = open.map(({ status }) => status.server).join(", ");
  const text = `Listening for Flux daemons at ${addresses}`;
  return (
    <Tooltip label={text}>
      <Link
        to={pathTo("daemons", { system: "flux", connectionId: first.profile.id })}
        className={own.inFlight ?? ""}
        aria-label={text}
      >
        <IconAntenna size={14} aria-hidden="true" />
        <span className={own.wide}>
          {open.length === 1 ? "listening" : formatQuantity(open.length, "listener")}
        </span>
      </Link>
    </Tooltip>
  );
}

/** Whether the selected connection is locked, and for how long it is not; nothing where a click is enough. */
function GuardMark({ profile }: { profile: ConnectionProfile }) {
  const unlock = useTopicRow("guards", {}, profile.id);
  if (unlock) return <UnlockedMark profile={profile} until={Date.parse(unlock.unlockedUntil)} />;
  if (profile.guard === "read-only")
    return <Mark word="read-only" label="Nothing can be changed through this connection" />;
  if (profile.guard === "protected")
    return <Mark word="locked" label="A change needs the connection's name" />;
  return null;
}

function Mark({ word, label }: { word: string; label: string }) {
  return (
    <Tooltip label={label}>
      <span className={own.guard}>
        <IconLock size={13} aria-hidden="true" />
        {word}
      </span>
    </Tooltip>
  );
}

function UnlockedMark({ profile, until }: { profile: ConnectionProfile; until: number }) {
  const lock = useCommand("guards.lock");
  const left = formatCountdown(until - useNow());
  const run = () => void lock.run({ connectionId: profile.id }).catch(() => undefined);
  useShortcuts([
    {
      id: "lock",
      label: `Lock ${profile.name} now`,
      group: "Connections",
      keys: "shift+l",
      keywords: "guard protected",
      run,
    },
  ]);
  return (
    <span className={own.guard} data-unlocked>
      <IconLockOpen size={13} aria-hidden="true" />
      <span>
        <span className={own.guardWords}>unlocked, re-locks in </span>
        {left}
      </span>
      <Button size="compact-xs" variant="default" loading={lock.pending} onClick={run}>
        Lock now
      </Button>
    </span>
  );
}
