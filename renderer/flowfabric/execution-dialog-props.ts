import type { RefObject } from "react";
import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";

/** What every dialog about one execution is given. */
export interface ExecutionDialogProps {
  row: ExecutionRow;
  returnTo: RefObject<HTMLElement | null>;
  onClose: () => void;
}
