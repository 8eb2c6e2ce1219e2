import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type Copied, useCopy } from "./clipboard.ts";

interface CopyButtonProps {
  /** Made when asked for. */
  copied: Copied | (() => Copied);
  label?: string;
  size?: number;
}

/** Copies an id, a link or a text; says so in its label. */
export function CopyButton({ copied: what, label = "Copy", size = 14 }: CopyButtonProps) {
  const { copied, run } = useCopy();
  const shown = copied ? "Copied" : label;
  return (
    <Tooltip label={shown}>
      <ActionIcon
        size={size + 8}
        aria-label={shown}
        onClick={(event) => {
          event.stopPropagation();
          run(typeof what === "function" ? what : () => what);
        }}
      >
        {copied ? <IconCheck size={size} /> : <IconCopy size={size} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** The same as a button with its words on it, for the foot of a drawer. */
export function CopyTextButton({ text, label }: { text: () => string; label: string }) {
  const { copied, run } = useCopy();
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <Button variant="default" leftSection={<Icon size={14} />} onClick={() => run(() => ({ text: text() }))}>
      {copied ? "Copied" : label}
    </Button>
  );
}
