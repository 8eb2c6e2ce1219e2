import { Button, Popover, TextInput } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useUiStore } from "../state/ui-store.ts";
import classes from "./events.module.css";

interface JumpToTimeProps {
  /** Milliseconds since the epoch. */
  onJump: (time: number) => Promise<void>;
}

/** Goes to the events around a time, in the zone that the person chose. */
export function JumpToTime({ onJump }: JumpToTimeProps) {
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
