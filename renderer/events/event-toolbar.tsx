import { Button, Popover, TextInput } from "@mantine/core";
import { IconClock, IconDownload, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useUiStore } from "../state/ui-store.ts";
import { formatCount } from "../ui/format.ts";
import { exportEvents } from "./event-actions.ts";
import type { FollowerState } from "./event-follower.ts";
import { arrivedText } from "./event-window.ts";
import classes from "./events.module.css";

interface EventToolbarProps {
  field: ReactNode;
  shown: number;
  state: FollowerState;
  paused: boolean;
  onTogglePause: () => void;
  onJump: (time: number) => Promise<void>;
  scope: { connectionId: string; lattice: string };
  filter: string;
  /** How many could not be read, and how many are of a type that is not known. */
  odd: { malformed: number; unknown: number } | undefined;
  onFilter: (text: string) => void;
}

/** Filter, how many are loaded, pause with what came meanwhile, jump, export. */
export function EventToolbar(props: EventToolbarProps) {
  const { state, paused, odd, onFilter } = props;
  const { window } = state;
  const arrived = window && (window.arrived > 0 || window.atLeast) ? arrivedText(window) : undefined;
  return (
    <div className={classes.toolbar}>
      {props.field}
      <span className={classes.dim}>
        {formatCount(props.shown)} loaded
        {window?.more && <span className={classes.wordy}>, more in the log</span>}
      </span>
      <OddButton count={odd?.malformed ?? 0} word="malformed" onFilter={onFilter} />
      <OddButton count={odd?.unknown ?? 0} word="unknown" onFilter={onFilter} />
      <span className={classes.gap} />
      {!paused && arrived && <span className={classes.dim}>{arrived}, held under the pointer</span>}
      <Button
        variant={paused ? "filled" : "default"}
        aria-pressed={paused}
        leftSection={
          paused ? (
            <IconPlayerPlay size={14} aria-hidden="true" />
          ) : (
            <IconPlayerPause size={14} aria-hidden="true" />
          )
        }
        onClick={props.onTogglePause}
      >
        {paused ? (arrived ? `${arrived} — resume` : "Resume") : "Pause"}
      </Button>
      <JumpToTime onJump={props.onJump} />
      <Button
        variant="default"
        title="Export NDJSON"
        leftSection={<IconDownload size={14} aria-hidden="true" />}
        onClick={() => void exportEvents(props.scope, props.filter)}
      >
        <span className={classes.wordy}>Export NDJSON</span>
      </Button>
    </div>
  );
}

function OddButton(props: {
  count: number;
  word: "malformed" | "unknown";
  onFilter: (text: string) => void;
}) {
  if (props.count === 0) return null;
  return (
    <Button variant="subtle" color="gray" onClick={() => props.onFilter(`is:${props.word}`)}>
      {formatCount(props.count)} {props.word}
    </Button>
  );
}

interface JumpToTimeProps {
  /** Milliseconds since the epoch. */
  onJump: (time: number) => Promise<void>;
}

/** Goes to the events around a time, in the zone that the person chose. */
function JumpToTime({ onJump }: JumpToTimeProps) {
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState("");
  const [pending, setPending] = useState(false);
  const utc = useUiStore((state) => state.utc);
  const time = Date.parse(utc && text ? `${text}Z` : text);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (Number.isNaN(time)) return;
    setPending(true);
    await onJump(time).finally(() => setPending(false));
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          title="Jump to time"
          leftSection={<IconClock size={14} aria-hidden="true" />}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <span className={classes.wordy}>Jump to time</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={(event) => void submit(event)}>
          <TextInput
            type="datetime-local"
            step={1}
            label={utc ? "Time (UTC)" : "Time (local)"}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" mt="xs" fullWidth loading={pending} disabled={Number.isNaN(time)}>
            Jump
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
