import { ActionIcon, Tooltip } from "@mantine/core";
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
