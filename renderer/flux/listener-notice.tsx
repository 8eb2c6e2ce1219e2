import type { FluxListener } from "../../shared/flux/listener-operations.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./flux.module.css";

const recentMs = 10 * 60_000;

/** Where daemons reach this console, and who knocked in vain lately. */
export function ListenerNotice() {
  const { connectionId, isOpen } = useSystem("flux");
  const { data } = useOperation("flux.listener.get", { connectionId }, { enabled: isOpen });
  if (!data || !isOpen) return null;
  return (
    <>
      <Notice
        slim
        tone="good"
        shape="check"
        title={
          <>
            Listening at <span className={classes.mono}>{data.url}</span>
            {data.loopbackOnly ? ", for this machine only" : ""}
          </>
        }
        actions={<CopyButton copied={{ line: data.url ?? "" }} label="Copy the address" />}
      >
        {formatQuantity(data.sockets, "connection")} open
        {data.evictedCount > 0 && `; ${formatQuantity(data.evictedCount, "socket")} without a token closed`}
      </Notice>
      {!data.loopbackOnly && !data.tls && (
        <Notice slim tone="warn" shape="bang" title="Tokens travel in clear on this address">
          Name a certificate and its key in the connection, so that daemons connect by wss://.
        </Notice>
      )}
      <Refused entries={data.refused} />
      {data.droppedEvents > 0 && (
        <Notice
          slim
          tone="warn"
          shape="bang"
          title={`${formatQuantity(data.droppedEvents, "event")} not kept`}
        >
          There were too many in a minute; they were accepted, so that no job fails for it.
        </Notice>
      )}
    </>
  );
}

function Refused({ entries }: { entries: FluxListener["refused"] }) {
  const recent = entries.filter(({ at }) => Date.now() - Date.parse(at) < recentMs);
  const [newest] = recent;
  if (!newest) return null;
  const total = recent.reduce((sum, { count }) => sum + count, 0);
  return (
    <Notice
      slim
      role="status"
      tone="warn"
      shape="forbidden"
      title={`${formatQuantity(total, "attempt")} refused`}
    >
      {recent.slice(0, 3).map(({ remoteAddress, path, reason, at }) => (
        <span key={`${remoteAddress} ${path} ${reason}`}>
          {reason} from <span className={classes.mono}>{remoteAddress}</span>
          {path && (
            <>
              {" "}
              on <span className={classes.mono}>{path}</span>
            </>
          )}
          , <RelativeTime at={at} />.{" "}
        </span>
      ))}
    </Notice>
  );
}
