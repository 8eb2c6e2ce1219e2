import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";

/** Copies a text, computed when asked for; says so in its label. */
export function CopyButton(props: { text: string | (() => string); label?: string; size?: number }) {
  const { text, label = "Copy", size = 14 } = props;
  const clipboard = useClipboard({ timeout: 1_200 });
  const shown = clipboard.copied ? "Copied" : label;
  return (
    <Tooltip label={shown}>
      <ActionIcon
        size={size + 8}
        aria-label={shown}
        onClick={(event) => {
          event.stopPropagation();
          clipboard.copy(typeof text === "string" ? text : text());
        }}
      >
        {clipboard.copied ? <IconCheck size={size} /> : <IconCopy size={size} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** The same as a button with its words on it, for the foot of a drawer. */
export function CopyTextButton({ text, label }: { text: () => string; label: string }) {
  const clipboard = useClipboard({ timeout: 1_200 });
  const Icon = clipboard.copied ? IconCheck : IconCopy;
  return (
    <Button variant="default" leftSection={<Icon size={14} />} onClick={() => clipboard.copy(text())}>
      {clipboard.copied ? "Copied" : label}
    </Button>
  );
}
