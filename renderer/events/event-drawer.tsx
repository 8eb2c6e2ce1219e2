import { Button } from "@mantine/core";
import { Link } from "react-router";
import { parseBoundedJson } from "../../shared/contract/index.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import { useOperation } from "../client/query.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { eventLook } from "./event-look.ts";
import classes from "./events.module.css";
import { entityAddress } from "./follow-entity.ts";

interface EventDrawerProps {
  sequence: number;
  onClose: () => void;
  onStep: (by: -1 | 1) => void;
  onFollow: (row: EventRow) => void;
}

/** One event with the text as it came over the wire. */
export function EventDrawer({ sequence, onClose, onStep, onFollow }: EventDrawerProps) {
  const found = useOperation("events.get", { sequence }, { keepPrevious: true });
  const row = found.data?.row;
  return (
    <Drawer
      title={row ? row.type : `Event ${sequence}`}
      subtitle={row?.summary}
      onClose={onClose}
      onStep={onStep}
      actions={
        row &&
        row.entityId !== "" && (
          <Button variant="default" onClick={() => onFollow(row)}>
            Follow {row.entityKind === "host" ? "this host" : row.entityId}
          </Button>
        )
      }
    >
      {found.isPending && <LoadingSkeleton rows={5} />}
      {found.error && (
        <FailureNotice
          what="The event could not be read"
          failure={found.error.toData()}
          onRetry={() => void found.refetch()}
        />
      )}
      {row && <EventFacts row={row} subject={found.data?.subject ?? ""} />}
      {found.data && (
        <DrawerSection title="Raw">
          <JsonView value={readable(found.data.raw)} label="Raw event" />
        </DrawerSection>
      )}
    </Drawer>
  );
}

function EventFacts({ row, subject }: { row: EventRow; subject: string }) {
  const address = entityAddress(row);
  return (
    <DrawerSection title="Facts">
      {row.type === "malformed" && (
        <Notice
          slim
          tone="warn"
          shape="bang"
          title="This could not be read as an event; its bytes are kept below"
        />
      )}
      {!row.known && row.type !== "malformed" && (
        <Notice
          slim
          tone="warn"
          shape="question"
          title="The console does not know this type and took no note of it"
        />
      )}
      <Facts
        facts={[
          ["Received", <ExactTime key="received" at={row.receivedAt} />],
          [
            "Sent",
            row.time && (
              <span key="time" className="mono">
                {row.time}
              </span>
            ),
          ],
          ["Severity", <StatusBadge key="severity" state={eventLook(row)} />],
          ["Entity", <Entity key="entity" row={row} address={address} />],
          ["Published by", row.source && <Source key="source" row={row} />],
          ["Subject", <code key="subject">{subject}</code>],
          ["Sequence", row.sequence],
        ]}
      />
    </DrawerSection>
  );
}

function Entity({ row, address }: { row: EventRow; address: string | undefined }) {
  const text = `${row.entityKind} ${row.entityId}`;
  return address ? (
    <Link className={classes.link} to={address}>
      {text}
    </Link>
  ) : (
    text
  );
}

function Source({ row }: { row: EventRow }) {
  return (
    <>
      {row.sourceName} <ShortId id={row.source ?? ""} />
    </>
  );
}

/** JSON is indented for reading; anything else stays as it came. */
function readable(raw: string): unknown {
  try {
    return parseBoundedJson(raw);
  } catch {
    return raw;
  }
}
