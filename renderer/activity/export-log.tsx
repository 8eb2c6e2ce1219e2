import { Button, Popover, Stack } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { type ActivityRecord, asFailure, type FailureData } from "../../shared/contract/index.ts";
import { call } from "../client/call.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { cutMiddle, formatQuantity } from "../ui/format.ts";
import { saveFile, timedFileName } from "../ui/save-file.ts";
import classes from "./activity.module.css";

interface Saved {
  name: string;
  records: number;
  /** Hash of the last record: kept elsewhere, it shows whether the end was cut off. */
  head: string | undefined;
}

/** Saves the whole log with its hash chain, and says how to check it. */
export function ExportLog() {
  const [opened, setOpened] = useState(false);
  const { save, saving, saved, failure } = useExport();
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      trapFocus
      shadow="md"
      width={420}
      withinPortal
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden="true" />}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          Export log
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Export log">
        <Stack gap="xs">
          <span>
            The whole log, one recorded step a line, oldest first. Each carries the hash of the one before it,
            so that a change, a gap or another order is noticed.
          </span>
          <VerifyCommand file={saved?.name ?? "FILE"} />
          <Button loading={saving} onClick={() => void save()}>
            Save the log
          </Button>
          <div role="status">{saved && `${formatQuantity(saved.records, "record")} in ${saved.name}`}</div>
          {saved?.head && <LastHash hash={saved.head} />}
          {failure && <FailureNotice what="Not exported" failure={failure} />}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function VerifyCommand({ file }: { file: string }) {
  const command = `npm run verify-activity -- ${file}`;
  return (
    <span className={classes.verify}>
      Check it with <code className="mono">{command}</code>
      <CopyButton copied={{ line: command }} label="Copy the command" />
    </span>
  );
}

function LastHash({ hash }: { hash: string }) {
  return (
    <span className={classes.verify}>
      Last hash <code className="mono">{cutMiddle(hash, 10)}</code>
      <CopyButton copied={{ line: hash }} label="Copy the last hash" />
      <span className={classes.faint}>Noted elsewhere, it shows later whether an end was cut off.</span>
    </span>
  );
}

function useExport() {
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState<Saved>();
  const [failure, setFailure] = useState<FailureData>();
  const save = async () => {
    setSaving(true);
    setFailure(undefined);
    try {
      const { text, mediaType } = await call("activity.export", {});
      const name = timedFileName("activities", "ndjson", Date.now());
      saveFile({ name, mediaType, text });
      setSaved({ name, ...endOf(text) });
    } catch (error) {
      setFailure(asFailure(error).toData());
    }
    setSaving(false);
  };
  return { save, saving, saved, failure };
}

function endOf(text: string): Omit<Saved, "name"> {
  const lines = text.trimEnd().split("\n").filter(Boolean);
  const last = lines.at(-1);
  const checkpoint = lines[0]?.startsWith('{"checkpoint":') ? 1 : 0;
  return { records: lines.length - checkpoint, head: last && (JSON.parse(last) as ActivityRecord).hash };
}
