import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type RefObject, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { ConnectionRow } from "../../shared/connections/schema.ts";
import { useCommand } from "../client/query.ts";
import { useGuardedPlace } from "../command/use-guarded-place.ts";
import { pathTo } from "../state/paths.ts";
import { selectedBy } from "../state/place.ts";
import { Confirm } from "../ui/confirm.tsx";
import { EnvironmentBadge } from "../ui/environment-badge.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatRoundTrip } from "../ui/format.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { addressesOf, systemText } from "./connection-words.ts";
import classes from "./connections.module.css";

/** One connection: where it leads, how it is, what can be done with it. */
export function ConnectionItem(props: {
  row: ConnectionRow;
  current: boolean;
  onEdit: (edit: string) => void;
}) {
  const { profile, status } = props.row;
  const addresses = addressesOf(profile);
  const style = { "--environment": profile.color } as React.CSSProperties;
  return (
    <li className={classes.row} style={style} data-current={props.current || undefined}>
      <div>
        <div className={classes.name}>
          {profile.name}
          <EnvironmentBadge name={profile.environment} color={profile.color} />
          {profile.playground && <StatusBadge state="playground" filled />}
        </div>
        <div className={classes.detail}>
          <StatusBadge state={status.state} />
          <span>
            since <RelativeTime at={status.since} />
          </span>
          {status.roundTripMs !== undefined && <span>{formatRoundTrip(status.roundTripMs)} round trip</span>}
        </div>
      </div>
      <div>
        <div className={`mono ${classes.address}`} title={addresses.join("\n")}>
          {status.server ?? addresses.join(", ")}
        </div>
        <div className={classes.detail}>
          <span>{systemText(profile)}</span>
          <span>{guardWords[profile.guard]}</span>
        </div>
      </div>
      <ItemActions {...props} />
      {status.failure && (
        <div className={classes.failure}>
          <FailureNotice failure={status.failure} />
        </div>
      )}
    </li>
  );
}

const guardWords = {
  open: "guard: open",
  confirm: "guard: confirm",
  protected: "guard: protected",
  "read-only": "guard: read-only",
};

function ItemActions({ row, onEdit }: { row: ConnectionRow; onEdit: (edit: string) => void }) {
  const { profile, status } = row;
  const [removing, setRemoving] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const navigate = useNavigate();
  const open = useCommand("connections.open");
  const close = useCommand("connections.close");
  const closed = status.state === "closed" || status.state === "failed";
  const turn = closed ? open : close;
  const show = pathTo("overview", selectedBy(profile));
  return (
    <div className={classes.actions}>
      <Button
        variant="subtle"
        color="gray"
        loading={turn.pending}
        onClick={() => void turn.run({ connectionId: profile.id }).catch(() => undefined)}
        aria-label={`${closed ? "Open" : "Close"} ${profile.name}`}
      >
        {closed ? "Open" : "Close"}
      </Button>
      <Button variant="default" onClick={() => navigate(show)} aria-label={`Show ${profile.name}`}>
        Show
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon ref={more} aria-label={`More for ${profile.name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onEdit(profile.id)} disabled={profile.playground}>
            Edit or test…
          </Menu.Item>
          <Menu.Item onClick={() => onEdit(`copy:${profile.id}`)}>Duplicate…</Menu.Item>
          <Menu.Item color="red" onClick={() => setRemoving(true)} disabled={profile.playground}>
            Remove…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RemoveDialog row={row} opened={removing} onClose={() => setRemoving(false)} returnTo={more} />
    </div>
  );
}

function RemoveDialog(props: {
  row: ConnectionRow;
  opened: boolean;
  onClose: () => void;
  returnTo: RefObject<HTMLElement | null>;
}) {
  const { row, opened, onClose, returnTo } = props;
  const { profile } = row;
  const place = useGuardedPlace(profile, { mayLiftReadOnly: true });
  const remove = useCommand("connections.remove");
  return (
    <Confirm
      opened={opened}
      returnTo={returnTo}
      title={`Remove ${profile.name}`}
      place={place}
      actionLabel={`Remove ${profile.name} and its secrets`}
      destructive
      pending={remove.pending}
      failure={remove.failure}
      onCancel={onClose}
      onConfirm={(answer) =>
        void remove.run({ connectionId: profile.id }, answer).then(onClose, () => undefined)
      }
    >
      The profile and its secrets are deleted from this machine, with the events, figures and rotations that
      were kept of it. Its activities stay in the log. Nothing changes on the servers.
    </Confirm>
  );
}
