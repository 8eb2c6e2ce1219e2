import { Button } from "@mantine/core";
import type { ConfigPreview } from "../../../shared/lattice/config-operations.ts";
import type { Preview } from "../../client/use-preview.ts";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ComparisonTable } from "../comparison-table.tsx";
import { ConfigUsageList, usersText } from "./config-usage.tsx";
import classes from "./configs.module.css";

interface ConfigComparisonProps {
  preview: Preview<"lattice.configs.preview-put">;
  /** A new config was meant, but there is one of this name. */
  taken: boolean;
  onTakeStored: (values: Readonly<Record<string, string>>) => void;
  /** What is stored was changed while the dialog is open. */
  changedElsewhere: boolean;
  onAccept: () => void;
}

/** What is stored beside what would be, key by key, with who uses it. */
export function ConfigComparison(props: ConfigComparisonProps) {
  const { data, failure, pending } = props.preview;
  if (!data && !failure) {
    const hint = pending
      ? "Comparing with what is stored…"
      : "Fill in a name to compare with what is stored.";
    return (
      <p className={classes.hint} role="status">
        {hint}
      </p>
    );
  }
  return (
    <section className={classes.section} aria-label="Comparison" aria-busy={pending}>
      {failure && <FailureNotice slim what="It could not be compared" failure={failure} />}
      {data && <Compared {...props} data={data} />}
    </section>
  );
}

function Compared(props: ConfigComparisonProps & { data: ConfigPreview }) {
  const { data, taken, changedElsewhere } = props;
  const users = usersText(data.usage);
  return (
    <>
      {changedElsewhere && <ChangedElsewhere data={data} onAccept={props.onAccept} />}
      {taken && !changedElsewhere && <Taken data={data} onTakeStored={props.onTakeStored} />}
      {data.warnings.map((warning) => (
        <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
      ))}
      <h3 className={classes.heading}>{headingOf(data)}</h3>
      <div className={props.preview.pending ? classes.pending : undefined}>
        <ComparisonTable
          label="Stored and wanted"
          nameHeading="Key"
          lines={data.entries.map(({ key, ...entry }) => ({
            name: key,
            ...entry,
            note: data.secret && entry.effect === "changed" ? "replaced" : undefined,
          }))}
        />
      </div>
      <h3 className={classes.heading}>{users ? `Used by ${users}` : "Used by"}</h3>
      <ConfigUsageList usage={data.usage} plain />
    </>
  );
}

function ChangedElsewhere({ data, onAccept }: { data: ConfigPreview; onAccept: () => void }) {
  const title = data.exists
    ? `${data.name} was changed elsewhere while you are writing`
    : `${data.name} was deleted elsewhere while you are writing`;
  return (
    <Notice
      role="alert"
      tone="warn"
      shape="bang"
      title={title}
      actions={
        <Button variant="default" onClick={onAccept}>
          Go on from there
        </Button>
      }
    >
      The comparison below is with what is stored now. Look at it again before you send.
    </Notice>
  );
}

function Taken({
  data,
  onTakeStored,
}: Pick<ConfigComparisonProps, "onTakeStored"> & { data: ConfigPreview }) {
  const stored = Object.fromEntries(
    data.entries.flatMap(({ key, now }) => (now === undefined ? [] : [[key, now]])),
  );
  return (
    <Notice
      tone="warn"
      shape="bang"
      title={`There is a config named ${data.name}: it would be replaced as a whole`}
      actions={
        !data.secret && (
          <Button variant="default" onClick={() => onTakeStored(stored)}>
            Begin with what is stored
          </Button>
        )
      }
    />
  );
}

function headingOf({ exists, secret, entries }: ConfigPreview): string {
  if (!exists) return "A new config";
  if (secret) return "Compared with what is stored: only keys, because values are not shown";
  const changes = entries.filter(({ effect }) => effect !== "same").length;
  return changes === 0 ? "The same is stored already" : "Compared with what is stored";
}
