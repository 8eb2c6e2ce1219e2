import { Tooltip } from "@mantine/core";
import { CopyButton } from "./copy-button.tsx";
import { cutMiddle } from "./format.ts";
import classes from "./short-id.module.css";

/** An id cut in the middle: whole on hover, copied by its glyph. */
export function ShortId({ id, keep = 6, copy = true }: { id: string; keep?: number; copy?: boolean }) {
  return (
    <span className={classes.id}>
      <Tooltip label={<span className="mono">{id}</span>} maw={520} multiline>
        <span className="mono">{cutMiddle(id, keep)}</span>
      </Tooltip>
      {copy && <CopyButton copied={{ line: id }} label={`Copy ${cutMiddle(id, keep)}`} size={12} />}
    </span>
  );
}
