import type { DataColumn } from "../../ui/data-table/column.ts";
import { StateGlyph } from "../../ui/state-glyph.tsx";
import { type LinkView, witOf } from "./link-views.ts";
import classes from "./links.module.css";

/** The columns of the links page; their ids are the names in the filter. */
export const linkColumns: readonly DataColumn<LinkView>[] = [
  {
    id: "source",
    header: "Source",
    width: 170,
    value: ({ link }) => link.sourceId,
    render: ({ link, missing }) => <EndMark id={link.sourceId} missing={missing.includes("source")} />,
  },
  {
    id: "target",
    header: "Target",
    width: 170,
    value: ({ link }) => link.target,
    render: ({ link, missing }) => <EndMark id={link.target} missing={missing.includes("target")} />,
  },
  { id: "wit", header: "WIT package", width: 170, mono: true, value: ({ link }) => witOf(link) },
  { id: "interfaces", header: "Interfaces", width: 170, mono: true, value: ({ link }) => link.interfaces },
  { id: "name", header: "Name", width: 90, value: ({ link }) => link.name },
  {
    id: "configs",
    header: "Configs",
    width: 180,
    mono: true,
    value: ({ link }) => [...link.sourceConfig, ...link.targetConfig],
    render: ({ link }) => <Configs sourceConfig={link.sourceConfig} targetConfig={link.targetConfig} />,
  },
  {
    id: "missing",
    header: "Broken",
    width: 110,
    value: ({ missing }) => missing,
    render: ({ missing }) => missing.length > 0 && <span className={classes.warn}>{missing.join(", ")}</span>,
  },
];

/** An end's id; amber where nothing is known to run by that id. */
export function EndMark({ id, missing }: { id: string; missing: boolean }) {
  const title = `Nothing called ${id} is known to run; the link waits until it does.`;
  return (
    <span className={classes.end} title={missing ? title : undefined}>
      <span className="mono">{id}</span>
      {missing && <StateGlyph shape="question" tone="warn" label="not running" />}
    </span>
  );
}

function Configs(props: { sourceConfig: readonly string[]; targetConfig: readonly string[] }) {
  const sides = [
    props.sourceConfig.length > 0 && `source: ${props.sourceConfig.join(", ")}`,
    props.targetConfig.length > 0 && `target: ${props.targetConfig.join(", ")}`,
  ].filter(Boolean);
  return <span title={sides.join("\n")}>{sides.join(" · ")}</span>;
}
