import { Button } from "@mantine/core";
import type { FailureData } from "../../shared/contract/index.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";

/** A list that is read page by page. */
export interface PagedLog {
  /** There is more than was read. */
  more: boolean;
  reading: boolean;
  failure: FailureData | undefined;
  readOlder(): void;
  readAgain(): void;
}

/** Reads one more page; nothing where all was read. */
export function ReadOlder({ log }: { log: PagedLog }) {
  if (!log.more) return null;
  return (
    <Button variant="default" loading={log.reading} onClick={log.readOlder}>
      Read older ones
    </Button>
  );
}

/** Why the list is not whole. */
export function LogFailure({ log, what }: { log: PagedLog; what: string }) {
  if (!log.failure) return null;
  return <FailureNotice slim what={what} failure={log.failure} onRetry={log.readAgain} />;
}
