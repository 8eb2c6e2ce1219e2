import type { Diagnosis } from "../../shared/connections/schema.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { formatDuration, formatQuantity, formatRoundTrip } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./connections.module.css";

/** The result of a connection test: each step in order; the first that failed is the diagnosis. */
export function DiagnosisView({ diagnosis }: { diagnosis: Diagnosis }) {
  const { ok, summary, failure, steps, server } = diagnosis;
  return (
    <DrawerSection title="Test">
      <Notice tone={ok ? "good" : "bad"} shape={ok ? "check" : "cross"} title={summary}>
        {failure?.hint}
      </Notice>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.name} className={classes.step}>
            <span>{step.name}</span>
            <StatusBadge state={step.outcome} />
            <span>{step.message}</span>
            <span className={classes.faint}>
              {step.durationMs === undefined ? "" : formatDuration(step.durationMs)}
            </span>
          </li>
        ))}
      </ol>
      {server && (
        <p>
          NATS {server.version} on {server.name}
          {diagnosis.roundTripMs !== undefined && `, ${formatRoundTrip(diagnosis.roundTripMs)} round trip`}
        </p>
      )}
      {ok && <p>{found(diagnosis)}</p>}
    </DrawerSection>
  );
}

function found({ hosts, lattices }: Diagnosis): string {
  const names = hosts.slice(0, 5).map((host) => `${host.friendlyName} (${host.version})`);
  const more = hosts.length > names.length ? ` and ${hosts.length - names.length} more` : "";
  const answered =
    names.length === 0
      ? "No host answered."
      : `${formatQuantity(hosts.length, "host")}: ${names.join(", ")}${more}.`;
  return lattices.length === 0 ? answered : `${answered} Lattices seen: ${lattices.join(", ")}.`;
}
