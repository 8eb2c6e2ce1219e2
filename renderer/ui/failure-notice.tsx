import { Button } from "@mantine/core";
import type { FailureData } from "../../shared/contract/index.ts";
import { CopyButton } from "./copy-button.tsx";
import classes from "./notice.module.css";
import { Notice } from "./notice.tsx";

export interface FailureNoticeProps {
  failure: FailureData;
  /** What did not work, such as "The hosts could not be read". */
  what?: string;
  onRetry?: (() => void) | undefined;
  slim?: boolean;
}

/** A failure as a person needs it: what, why, what to do next, the far side's own words, copy, retry. */
export function FailureNotice({ failure, what, onRetry, slim }: FailureNoticeProps) {
  const actions = (
    <>
      <CopyButton copied={() => ({ text: JSON.stringify(failure, null, 2) })} label="Copy details" />
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </>
  );
  return (
    <Notice
      role="alert"
      tone={failure.code === "forbidden" ? "warn" : "bad"}
      shape={failure.code === "forbidden" ? "forbidden" : "cross"}
      title={what ?? failure.message}
      actions={actions}
      {...(slim === undefined ? {} : { slim })}
    >
      {what && <div>{failure.message}</div>}
      {failure.hint && <div>{failure.hint}</div>}
      {failure.upstream && <pre className={classes.upstream}>{failure.upstream}</pre>}
    </Notice>
  );
}
