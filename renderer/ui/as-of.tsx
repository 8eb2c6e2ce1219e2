import { ActionIcon, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { RelativeTime } from "./relative-time.tsx";
import { useShortcuts } from "./shortcuts.ts";

/** An answer that is read again now and then. */
export interface Reading {
  /** Milliseconds since 1970; 0 while there is no answer. */
  dataUpdatedAt: number;
  isFetching: boolean;
  refetch: () => unknown;
}

const keys = "shift+r";

/** How old what is shown is, and the way to read it again at once. */
export function AsOf({ reading, what }: { reading: Reading; what: string }) {
  const again = () => void reading.refetch();
  useShortcuts([{ id: "refresh", label: `Read the ${what} again`, group: "Page", keys, run: again }]);
  return (
    <>
      {reading.dataUpdatedAt > 0 && (
        <span>
          read <RelativeTime at={reading.dataUpdatedAt} />
        </span>
      )}
      <Tooltip label="Read again (Shift+R)">
        <ActionIcon
          variant="subtle"
          size="sm"
          aria-label={`Read the ${what} again`}
          loading={reading.isFetching}
          onClick={again}
        >
          <IconRefresh size={14} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
