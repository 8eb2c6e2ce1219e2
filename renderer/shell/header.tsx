import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "react-router";
import { isInFlight } from "../../shared/contract/index.ts";
import { useTopic, useTopicField } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { useRateHistory } from "../state/rate-history.ts";
import type { LatticeSelection, Selection } from "../state/selection.ts";
import { EnvironmentBadge } from "../ui/environment-badge.tsx";
import { formatQuantity, formatRate, formatRoundTrip } from "../ui/format.ts";
import { KeyHint } from "../ui/key-hint.tsx";
import { Sparkline } from "../ui/sparkline.tsx";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";
import { ConnectionSwitcher } from "./connection-switcher.tsx";
import classes from "./frame.module.css";
import { GuardMark } from "./guard-mark.tsx";
import own from "./header.module.css";
import { LatticeSwitcher } from "./lattice-switcher.tsx";
import { ListenerBadge } from "./listener-badge.tsx";
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
