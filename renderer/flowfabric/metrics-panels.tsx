import type { MetricSample } from "../../shared/flowfabric/server-schema.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatCount, formatDuration } from "../ui/format.ts";
import classes from "./flowfabric.module.css";

/** The server's metrics where it was built with them, as tables; averages instead of its useless buckets. */
export function MetricsPanels() {
  const { connectionId, isOpen, profile } = useSystem("flowfabric");
  const { data, error } = useOperation(
    "flowfabric.metrics",
    { connectionId },
    { enabled: isOpen && profile?.target.url !== undefined },
  );
  if (error) return <FailureNotice slim what="The metrics could not be read" failure={error.toData()} />;
  if (!data) return null;
  if (!data.available)
    return (
      <section className={classes.panel} aria-label="Metrics">
        <h2>Metrics</h2>
        <p className={classes.text}>{data.reason}</p>
      </section>
    );
  return (
    <div className={classes.panels}>
      <div className={classes.stack}>
        <Requests samples={data.samples} />
        <Others samples={data.samples} />
      </div>
      <Scanners samples={data.samples} />
    </div>
  );
}

interface RequestRow {
  key: string;
  method: string;
  path: string;
  status: string;
  count: number;
  averageMs: number | undefined;
}

function requestsOf(samples: readonly MetricSample[]): RequestRow[] {
  const keyOf = ({ labels }: MetricSample) => `${labels.method} ${labels.path} ${labels.status}`;
  const sums = new Map(
    samples
      .filter(({ name }) => name === "ff_http_request_duration_seconds_sum")
      .map((one) => [keyOf(one), one.value]),
  );
  return samples
    .filter(({ name }) => name === "ff_http_requests_total")
    .map((sample) => {
      const sum = sums.get(keyOf(sample));
      return {
        key: keyOf(sample),
        method: sample.labels.method ?? "",
        path: sample.labels.path ?? "",
        status: sample.labels.status ?? "",
        count: sample.value,
        averageMs: sum === undefined || sample.value === 0 ? undefined : (sum / sample.value) * 1_000,
      };
    })
    .sort((left, right) => right.count - left.count);
}

function Requests({ samples }: { samples: readonly MetricSample[] }) {
  const rows = requestsOf(samples);
  return (
    <section className={classes.panel} aria-label="Requests">
      <h2>
        Requests <span>averages: the server&apos;s buckets are whole seconds</span>
      </h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Route</th>
            <th data-align="end">Status</th>
            <th data-align="end">Count</th>
            <th data-align="end">Average</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td>
                <code>
                  {row.method} {row.path}
                </code>
              </td>
              <td data-align="end">{row.status}</td>
              <td data-align="end">{formatCount(row.count)}</td>
              <td data-align="end">{averageText(row.averageMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function averageText(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "–";
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : formatDuration(milliseconds);
}

function Scanners({ samples }: { samples: readonly MetricSample[] }) {
  const rows = samples
    .filter(({ name }) => name === "ff_scanner_cycle_total")
    .sort((left, right) => ((left.labels.scanner ?? "") < (right.labels.scanner ?? "") ? -1 : 1));
  if (rows.length === 0) return null;
  return (
    <section className={classes.panel} aria-label="Scanners">
      <h2>
        Scanners <span>one whose count stands still is stuck</span>
      </h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Scanner</th>
            <th data-align="end">Cycles</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.labels.scanner}>
              <td>{row.labels.scanner?.replaceAll("_", " ")}</td>
              <td data-align="end">{formatCount(row.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Others({ samples }: { samples: readonly MetricSample[] }) {
  const rows = samples.filter(({ name }) => !/^(ff_http_|ff_scanner_cycle_total|target_info)/.test(name));
  return (
    <section className={classes.panel} aria-label="Other metrics">
      <h2>
        Others <span>a metric appears after its first event</span>
      </h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Metric</th>
            <th data-align="end">Value</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, labels, value }) => (
            <tr key={`${name} ${JSON.stringify(labels)}`}>
              <td>
                <code>{name}</code>{" "}
                {Object.entries(labels)
                  .map(([key, text]) => `${key}=${text}`)
                  .join(", ")}
              </td>
              <td data-align="end">{value.toLocaleString("en-US", { maximumFractionDigits: 3 })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
