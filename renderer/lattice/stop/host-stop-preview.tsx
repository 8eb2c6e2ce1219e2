import type { StopPreview } from "../../../shared/lattice/host-operations.ts";
import { formatQuantity } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import list from "../lattice.module.css";
import { imageTail, WadmMark } from "../marks.tsx";
import classes from "./stop.module.css";
import { LinkList } from "./stop-plan-view.tsx";

const most = 200;

/** What ends with a host: its components and providers, what of them is lost, which links lose an end. */
export function HostStopPreview({ preview }: { preview: StopPreview }) {
  const { components, providers, lost, links, warnings } = preview;
  const gone = [...lost.components, ...lost.providers];
  return (
    <>
      <div className={classes.notices}>
        {gone.length > 0 && (
          <Notice
            slim
            tone="bad"
            shape="bang"
            title={`${formatQuantity(gone.length, "id")} will run nowhere any more`}
          >
            <span className="mono">{gone.join(", ")}</span>
            {links.length > 0 && (
              <>
                <div>{formatQuantity(links.length, "link")} would lose an end:</div>
                <LinkList links={links} />
              </>
            )}
          </Notice>
        )}
        {warnings.map((warning) => (
          <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
        ))}
      </div>
      <Workloads title="Components" rows={components} />
      <Workloads title="Providers" rows={providers} />
    </>
  );
}

type Row = StopPreview["components"][number] | StopPreview["providers"][number];

function Workloads({ title, rows }: { title: string; rows: readonly Row[] }) {
  if (rows.length === 0) return <p className={list.hint}>No {title.toLowerCase()} run there.</p>;
  return (
    <section className={classes.part}>
      <h3 className={classes.heading}>
        {title} ({rows.length})
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.rows} tabIndex={0} aria-label={`${title} on it`}>
        <table className={list.list}>
          <thead>
            <tr>
              <th>Id</th>
              <th>Image</th>
              <th>Also on</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <tr key={row.id}>
                <td className="mono">
                  {row.id} {row.managedByWadm && <WadmMark />}
                </td>
                <td className="mono" title={row.imageReference}>
                  {row.imageReference ? imageTail(row.imageReference) : ""}
                </td>
                <td className={row.elsewhere.length === 0 ? classes.nowhere : undefined}>
                  {elsewhereText(row.elsewhere)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > most && (
        <span className={list.hint}>and {formatQuantity(rows.length - most, "more", "more")}.</span>
      )}
    </section>
  );
}

function elsewhereText(elsewhere: Row["elsewhere"]): string {
  const names = elsewhere.map(({ hostName }) => hostName);
  if (names.length === 0) return "no other host";
  return names.length <= 2 ? names.join(", ") : `${names[0]} and ${names.length - 1} more`;
}
