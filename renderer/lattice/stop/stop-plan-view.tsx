import { formatCount, formatQuantity } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import list from "../lattice.module.css";
import { WadmMark } from "../marks.tsx";
import classes from "./stop.module.css";
import { linkText, type StopEffects, type Stoppable } from "./stop-effects.ts";

interface StopPlanViewProps {
  rows: readonly Stoppable[];
  effects: StopEffects;
  warnings: readonly string[];
}

const most = 200;

/** What would stop where, what of it goes on elsewhere, and what the lattice would lose. */
export function StopPlanView({ rows, effects, warnings }: StopPlanViewProps) {
  const { lost, links } = effects;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.rows} tabIndex={0} aria-label="What stops">
        <table className={list.list}>
          <thead>
            <tr>
              <th>Id</th>
              <th>Host</th>
              <th>Afterwards</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <tr key={`${row.hostId}/${row.id}`}>
                <td className="mono">
                  {row.id} {row.managedByWadm && <WadmMark />}
                </td>
                <td>{row.hostName}</td>
                <td>{elsewhereText(effects.elsewhere.get(row.id) ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > most && <span className={list.hint}>and {formatCount(rows.length - most)} more.</span>}
      <div className={classes.notices}>
        {lost.length > 0 && (
          <Notice slim tone="bad" shape="bang" title={`${namesText(lost)} will run nowhere any more`}>
            {links.length > 0 && (
              <>
                {links.length === 1 ? "One link loses an end:" : `${links.length} links lose an end:`}
                <LinkList links={links} />
              </>
            )}
          </Notice>
        )}
        {warnings.map((warning) => (
          <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
        ))}
      </div>
    </>
  );
}

/** Links, one a line, the first few. */
export function LinkList({ links }: Pick<StopEffects, "links">) {
  return (
    <ul className={classes.links}>
      {links.slice(0, 12).map((link) => (
        <li key={linkText(link)}>{linkText(link)}</li>
      ))}
      {links.length > 12 && <li>and {formatCount(links.length - 12)} more</li>}
    </ul>
  );
}

function elsewhereText(count: number): string {
  return count === 0 ? "runs nowhere else" : `goes on, on ${formatQuantity(count, "other host")}`;
}

function namesText(ids: readonly string[]): string {
  return ids.length <= 4 ? ids.join(", ") : `${ids.slice(0, 3).join(", ")} and ${ids.length - 3} more`;
}
