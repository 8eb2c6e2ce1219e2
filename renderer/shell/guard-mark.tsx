import { Button, Tooltip } from "@mantine/core";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import { useCommand } from "../client/query.ts";
import { useTopicRow } from "../client/use-topic.ts";
import { useNow } from "../state/clock.ts";
import { formatCountdown } from "../ui/format.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import own from "./header.module.css";

/** Whether the selected connection is locked, and for how long it is not; nothing where a click is enough. */
export function GuardMark({ profile }: { profile: ConnectionProfile }) {
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
