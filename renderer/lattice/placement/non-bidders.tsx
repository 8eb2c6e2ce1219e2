import type { AuctionHost } from "../../../shared/lattice/auction-operations.ts";
import { formatCount } from "../../ui/format.ts";
import { StateGlyph } from "../../ui/state-glyph.tsx";
import { HostLink } from "./host-link.tsx";
import classes from "./placement.module.css";
import { type Reason, reasonsOf } from "./reasons.ts";

const most = 200;
const urgency: Record<AuctionHost["outcome"], number> = {
  "wrong-bid": 0,
  silent: 1,
  "already-runs": 2,
  "label-differs": 3,
  bid: 4,
};

/** The hosts that are no choice, each with its reason; what is out of order comes first. */
export function NonBidders({ hosts, id }: { hosts: readonly AuctionHost[]; id: string }) {
  const sorted = [...hosts].sort((a, b) => urgency[a.outcome] - urgency[b.outcome]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label="Not eligible, and why">
      <ul className={classes.others}>
        {sorted.slice(0, most).map((host) => (
          <li key={host.hostId}>
            <div className={classes.other}>
              <HostLink host={host} />
              <span className={classes.reasons}>
                {reasonsOf(host, id).map((reason) => (
                  <ReasonChip key={reason.text} reason={reason} />
                ))}
              </span>
            </div>
            {host.outcome !== "label-differs" && <div className={classes.hint}>{host.message}</div>}
          </li>
        ))}
      </ul>
      {sorted.length > most && <p className={classes.hint}>And {formatCount(sorted.length - most)} more.</p>}
    </section>
  );
}

function ReasonChip({ reason }: { reason: Reason }) {
  const style = { "--tone": `var(--${reason.tone})`, "--ground": `var(--${reason.tone}-soft)` };
  return (
    <span className={classes.reason} style={style as React.CSSProperties}>
      <StateGlyph shape={reason.shape} tone={reason.tone} size={11} />
      {reason.text}
    </span>
  );
}
