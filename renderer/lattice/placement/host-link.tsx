import { Link } from "react-router";
import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import { pathTo } from "../../state/paths.ts";
import { useSelection } from "../../state/selection.ts";
import { cutMiddle } from "../../ui/format.ts";
import classes from "../lattice.module.css";

/** The way to a host's drawer; an id that no host of the lattice has leads nowhere. */
export function HostLink({ host }: { host: Pick<AuctionHost, "hostId" | "hostName" | "status"> }) {
  const { connectionId, lattice } = useSelection();
  if (host.status === "unknown")
    return (
      <span className="mono" title={host.hostId}>
        {cutMiddle(host.hostId)}
      </span>
    );
  const to = `${pathTo("hosts", { connectionId, lattice })}?open=${encodeURIComponent(host.hostId)}`;
  return (
    <Link className={classes.link} to={to}>
      {host.hostName}
    </Link>
  );
}
