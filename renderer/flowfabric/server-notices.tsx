import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";

/** What every page of an open server should say: no token, Valkey gone, empty, or none at all. */
export function ServerNotices() {
  const { connectionId, isOpen, profile } = useSystem("flowfabric");
  const { data } = useOperation("flowfabric.health", { connectionId }, { enabled: isOpen });
  if (!data || !isOpen) return null;
  return (
    <>
      {data.http && data.http.status !== "ok" && (
        <Notice
          slim
          role="status"
          tone={data.http.status === "no-ping" ? "idle" : "bad"}
          shape="bang"
          title={data.http.message}
        />
      )}
      {data.valkey?.status === "failed" && (
        <Notice slim role="status" tone="bad" shape="bang" title="Valkey cannot be used">
          {data.valkey.message}
        </Notice>
      )}
      {data.valkey?.status === "ok" &&
        (data.valkey.partitions === undefined || data.valkey.libraryVersion === undefined) && (
          <Notice slim role="status" tone="bad" shape="bang" title={data.valkey.message} />
        )}
      {data.valkey?.refused !== undefined && profile?.playground !== true && (
        <Notice slim role="status" tone="warn" shape="bang" title={data.valkey.refused}>
          Check the address of Valkey in the connection's settings.
        </Notice>
      )}
      {data.http && data.token === "not-configured" && (
        <Notice slim tone="warn" shape="bang" title="No token is sent">
          Unless a proxy asks for one, everybody who reaches this server can rotate, cancel, and read tokens.
        </Notice>
      )}
    </>
  );
}
