import { Checkbox } from "@mantine/core";
import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import { formatCount, formatDuration } from "../../ui/format.ts";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { Chips } from "../chips.tsx";
import { HostLink } from "./host-link.tsx";
import classes from "./placement.module.css";

interface BidderTableProps {
  /** The best first. */
  bidders: readonly AuctionHost[];
  labelsOf: (hostId: string) => Readonly<Record<string, string>>;
  chosen: ReadonlySet<string>;
  /** Hosts on which it has been started since. */
  taken: ReadonlySet<string>;
  /** Absent while the auction is open: the order is not final. */
  onToggle: ((hostId: string) => void) | undefined;
}

const most = 200;

/** The hosts that would take it, the least loaded first. */
export function BidderTable({ bidders, labelsOf, chosen, taken, onToggle }: BidderTableProps) {
  const fullest = bidders.reduce((most, { load }) => Math.max(most, load.instances), 1);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label="Bidders, the least loaded first">
      <table className={classes.table}>
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">Chosen</span>
            </th>
            <th data-align="end">Rank</th>
            <th>Host</th>
            <th>Instances</th>
            <th data-align="end">Components</th>
            <th data-align="end">Providers</th>
            <th>Labels</th>
            <th data-align="end">Answered</th>
          </tr>
        </thead>
        <tbody>
          {bidders.slice(0, most).map((host, place) => (
            <tr key={host.hostId} aria-selected={chosen.has(host.hostId)}>
              <td>
                <Checkbox
                  aria-label={`Place on ${host.hostName}`}
                  checked={chosen.has(host.hostId)}
                  disabled={!onToggle || taken.has(host.hostId)}
                  onChange={() => onToggle?.(host.hostId)}
                />
              </td>
              <td data-align="end">{place + 1}</td>
              <td>
                <HostLink host={host} />
                {host.status !== "live" && (
                  <>
                    {" "}
                    <StatusBadge state={host.status} />
                  </>
                )}
                {taken.has(host.hostId) && <span className={classes.taken}>runs there now</span>}
              </td>
              <td>
                <LoadBar value={host.load.instances} of={fullest} />
              </td>
              <td data-align="end">{formatCount(host.load.components)}</td>
              <td data-align="end">{formatCount(host.load.providers)}</td>
              <td>
                <Chips map={labelsOf(host.hostId)} brief />
              </td>
              <td data-align="end">
                {host.answeredAfterMs === undefined ? "not asked" : formatDuration(host.answeredAfterMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {bidders.length > most && (
        <p className={classes.hint}>
          {formatCount(bidders.length - most)} more, all with more load. Add a constraint to see fewer.
        </p>
      )}
    </section>
  );
}

/** A load beside the highest one; the number says it all, the bar lets it be seen. */
function LoadBar({ value, of }: { value: number; of: number }) {
  return (
    <span className={classes.load}>
      <span className={classes.bar} aria-hidden="true">
        <span style={{ width: `${(value / of) * 100}%` }} />
      </span>
      <span className={classes.figure}>{formatCount(value)}</span>
    </span>
  );
}
