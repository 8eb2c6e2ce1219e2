import { Button, Checkbox, Group, Modal } from "@mantine/core";
import { useState } from "react";
import type { Importable } from "../../shared/connections/schema.ts";
import { useCommand, useOperation } from "../client/query.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import classes from "./connections.module.css";

/** Takes over contexts of the nats and wash command lines of this machine. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Import connections" size="lg">
      {opened && <ImportForm onClose={onClose} />}
    </Modal>
  );
}

function ImportForm({ onClose }: { onClose: () => void }) {
  const found = useOperation("connections.discover", {});
  const run = useCommand("connections.import");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [failed, setFailed] = useState<readonly { key: string; message: string }[]>([]);
  if (found.isPending) return <LoadingSkeleton rows={4} />;
  if (found.error) {
    return (
      <FailureNotice
        what="Nothing could be looked up"
        failure={found.error.toData()}
        onRetry={() => void found.refetch()}
      />
    );
  }
  if (found.data.length === 0) return <NothingFound onClose={onClose} />;
  const take = () =>
    void run.run({ keys: [...chosen] }).then(
      (result) => (result.failed.length === 0 ? onClose() : setFailed(result.failed)),
      () => undefined,
    );
  return (
    <>
      <p>Secrets are copied into the console's own store; the files stay as they are.</p>
      <div className={classes.importable}>
        {found.data.map((one) => (
          <Choice key={one.key} importable={one} chosen={chosen} onChange={setChosen} />
        ))}
      </div>
      {run.failure && <FailureNotice failure={run.failure} />}
      {failed.map((one) => (
        <Notice key={one.key} tone="bad" shape="cross" title={one.key}>
          {one.message}
        </Notice>
      ))}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button disabled={chosen.size === 0} loading={run.pending} onClick={take}>
          {chosen.size === 0 ? "Import" : `Import ${formatQuantity(chosen.size, "connection")}`}
        </Button>
      </Group>
    </>
  );
}

function NothingFound({ onClose }: { onClose: () => void }) {
  return (
    <EmptyState
      title="No context found"
      text="Neither the nats nor the wash command line has a saved context for this user on this machine."
      action={
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      }
    />
  );
}

function Choice(props: {
  importable: Importable;
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}) {
  const { key, source, name, file, profile, secrets, warnings, problem } = props.importable;
  const toggle = () => {
    const next = new Set(props.chosen);
    if (!next.delete(key)) next.add(key);
    props.onChange(next);
  };
  const takes = secrets.length === 0 ? "" : ` · takes over: ${secrets.join(", ")}`;
  const about = problem ?? `${profile?.target.addresses.join(", ") ?? ""}${takes}`;
  return (
    <Checkbox
      checked={props.chosen.has(key)}
      disabled={problem !== undefined}
      onChange={toggle}
      label={`${name} (${source})`}
      description={[about, file, ...warnings].filter(Boolean).join(" · ")}
    />
  );
}
