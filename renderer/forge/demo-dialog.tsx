import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTopic } from "../client/use-topic.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import type { SweepProps } from "./sweep-parts.tsx";

/** What the bundled handler `noop_echo` does with each payload (forge-jobs §10). */
const ways = {
  works: { label: "Works", payload: '{"sleep_ms":500}', text: "It sleeps for half a second and is done." },
  fails: {
    label: "Fails",
    payload: '{"fail":true}',
    text: "It fails with demo-fail, and is retried by the queue's backoff.",
  },
  throttles: {
    label: "Throttles",
    payload: '{"throttle_ms":1000}',
    text: "It reports a throttle: the whole queue default cools down, other jobs of it wait as well.",
  },
} as const;
type Way = keyof typeof ways;

/** Enqueues the bundled demonstration job, to see whether workers, failures and cool-downs go their way. */
export function DemoDialog({ returnTo, onClose }: SweepProps) {
  const { connectionId, place } = useSystem("forge");
  const queues = useTopic("forge.queues", { connectionId });
  const [way, setWay] = useState<Way>("works");
  const { payload, text } = ways[way];
  const inputs = [{ connectionId, payload }];
  const label = "Enqueue noop_echo on default";
  const isMissing = queues.phase === "live" && queues.rows.every(({ name }) => name !== "default");
  return (
    <CommandDialog
      title="Enqueue a demonstration job"
      name="forge.jobs.enqueue-demo"
      place={place}
      inputs={inputs}
      itemLabel={() => "noop_echo on default"}
      itemHeading="Job"
      actionLabel={label}
      size={620}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.jobs.enqueue-demo" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <SegmentedControl
          aria-label="What it does"
          data={Object.entries(ways).map(([value, { label: words }]) => ({ value, label: words }))}
          value={way}
          onChange={(next) => setWay(next as Way)}
        />
        <p>
          {text} Payload: <code>{payload}</code>
        </p>
        {isMissing && (
          <Notice slim tone="bad" shape="bang" title="The queue default is not configured">
            The server takes the job all the same, but it is in no overview and never runs.
          </Notice>
        )}
        <p className={classes.hint}>
          It needs a worker that serves the queue default and knows the kind noop_echo; on any other it fails
          with “no handler registered”.
        </p>
      </div>
    </CommandDialog>
  );
}
