import { useMemo } from "react";
import { formatCount } from "../../ui/format.ts";
import { StateGlyph } from "../../ui/state-glyph.tsx";
import classes from "./topology.module.css";
import type { TopologyItem } from "./topology-items.ts";

interface GraphProblemsProps {
  items: readonly TopologyItem[];
  /** Shows an item in the graph. */
  onShow: (key: string) => void;
}

const most = 8;

/** What needs a look, in words; each leads to its place in the graph. */
export function GraphProblems({ items, onShow }: GraphProblemsProps) {
  const found = useMemo(() => items.filter(({ problem }) => problem), [items]);
  if (found.length === 0) return null;
  const bad = found.filter(({ problem }) => problem?.tone === "bad");
  const ordered = [...bad, ...found.filter(({ problem }) => problem?.tone !== "bad")];
  return (
    <ul className={classes.problems} aria-label="Problems">
      {ordered.slice(0, most).map((item) => (
        <li key={item.key}>
          <button type="button" className={classes.problem} onClick={() => onShow(item.key)}>
            {item.problem && <StateGlyph shape={item.problem.shape} tone={item.problem.tone} />}
            <span>{problemText(item)}</span>
          </button>
        </li>
      ))}
      {ordered.length > most && <li>and {formatCount(ordered.length - most)} more, in the list</li>}
    </ul>
  );
}

function problemText({ kind, name, hostName, problem, in: into, out }: TopologyItem): string {
  const what = `${name} ${problem?.text ?? ""}`;
  if (kind === "component" || kind === "provider") return `${what} on ${hostName}`;
  if (kind !== "missing") return what;
  const ends = [
    ...into.map(({ sourceId }) => `linked from ${sourceId}`),
    ...out.map(({ target }) => `linked to ${target}`),
  ];
  return `${what}: ${[...new Set(ends)].join(", ")}`;
}
