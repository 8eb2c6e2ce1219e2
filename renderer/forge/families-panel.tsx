import type { MetricFamily } from "../../shared/forge/series-schema.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Notice } from "../ui/notice.tsx";
import classes from "./forge.module.css";

/** The families of the server's Prometheus text with what they mean and their present values. */
export function FamiliesPanel() {
  const { connectionId, isOpen } = useSystem("forge");
  const { data, error, refetch } = useOperation("forge.metrics.get", { connectionId }, { enabled: isOpen });
  return (
    <section
      className={classes.panel}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the page scrolls, and has to be reachable by keyboard
      tabIndex={0}
      aria-label="Prometheus families"
      style={{ marginTop: 12 }}
    >
      <h2>
        Prometheus families <span>as /metrics has them now</span>
      </h2>
      {error && <FailureNotice slim failure={error.toData()} onRetry={() => void refetch()} />}
      {data && data.problems.length > 0 && (
        <Notice slim tone="warn" shape="bang" title={`${data.problems.length} lines could not be read`}>
          {data.problems
            .slice(0, 3)
            .map(({ line, message }) => `line ${line}: ${message}`)
            .join(" · ")}
        </Notice>
      )}
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Family</th>
            <th>Type</th>
            <th>Means</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {data?.families.map((family) => (
            <tr key={family.name}>
              <td>
                <code>{family.name}</code>
              </td>
              <td>{family.type}</td>
              <td>{family.explained ?? family.help}</td>
              <td>{valuesOf(family)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const shownValues = 12;

function valuesOf({ samples }: MetricFamily): string {
  const shown = samples.slice(0, shownValues).map(({ labels, text, name }) => {
    const place = Object.values(labels).join(", ") || name;
    return `${place} ${text}`;
  });
  const more = samples.length - shown.length;
  return shown.join(" · ") + (more > 0 ? ` · and ${more} more` : "");
}
