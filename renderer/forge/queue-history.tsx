import { useMemo } from "react";
import type { History } from "../../shared/forge/series-schema.ts";
import { useOperation } from "../client/query.ts";
import { useSteppedNow } from "../state/clock.ts";
import { useSystem } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { formatRate } from "../ui/format.ts";
import { SeriesChart } from "../ui/series-chart.tsx";
import classes from "./forge.module.css";

const spanMs = 3_600_000;

const lines = [
  { family: "queue_pending_jobs", label: "Ready", color: "--accent" },
  { family: "queue_in_flight_jobs", label: "Running", color: "--flight" },
  { family: "queue_failed_jobs", label: "Failed", color: "--warn" },
  { family: "queue_dead_jobs", label: "Dead", color: "--bad" },
] as const;

/** The last hour of a queue, as the console has recorded it. */
export function QueueHistory({ queue }: { queue: string }) {
  const { connectionId, isOpen } = useSystem("forge");
  const to = useSteppedNow(15_000);
  const span = { from: new Date(to - spanMs).toISOString(), to: new Date(to).toISOString() };
  const { data } = useOperation(
    "forge.history.get",
    { connectionId, ...span, points: 240, queue },
    { enabled: isOpen, keepPrevious: true },
  );
  const series = useMemo(
    () => lines.map((line) => ({ ...line, values: valuesOf(data, line.family) })),
    [data],
  );
  return (
    <DrawerSection title="Last hour">
      {data && data.series.length > 0 ? (
        <SeriesChart
          label={`Jobs of ${queue}`}
          time
          x={data.times}
          series={series}
          format={formatRate}
          height={150}
        />
      ) : (
        <p className={classes.hint}>Recorded while the connection is open; nothing yet.</p>
      )}
    </DrawerSection>
  );
}

function valuesOf(history: History | undefined, family: string): readonly (number | null)[] {
  const one = history?.series.find((series) => series.family === family);
  return one?.values ?? history?.times.map(() => null) ?? [];
}
