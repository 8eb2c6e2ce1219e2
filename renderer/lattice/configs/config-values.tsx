import type { UseQueryResult } from "@tanstack/react-query";
import type { OutputFor } from "../../../shared/catalogue.ts";
import type { Failure } from "../../../shared/contract/index.ts";
import { isSecretName } from "../../../shared/lattice/inputs.ts";
import { DrawerSection } from "../../ui/drawer.tsx";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ExactTime } from "../../ui/relative-time.tsx";
import classes from "./configs.module.css";

interface ConfigValuesProps {
  name: string;
  read: UseQueryResult<OutputFor<"lattice.configs.get">, Failure>;
  values: Readonly<Record<string, string>> | undefined;
  /** There is no config of this name. */
  missing: boolean;
}

/** What is in a config; of a secret reference its keys. */
export function ConfigValues({ name, read, values, missing }: ConfigValuesProps) {
  return (
    <DrawerSection title="Values">
      {read.isPending && <LoadingSkeleton rows={3} />}
      {missing && (
        <Notice slim tone="warn" shape="question" title="Not stored">
          A link, a command or an event names it, but the lattice has no config of this name: who uses it sees
          an empty one, and a new link that names it is refused.
        </Notice>
      )}
      {read.error && !missing && (
        <FailureNotice
          slim
          what="The config could not be read"
          failure={read.error.toData()}
          onRetry={() => void read.refetch()}
        />
      )}
      {values && isSecretName(name) && (
        <Notice slim tone="idle" shape="forbidden" title="A secret reference: its values are not shown">
          Names that begin with SECRET hold where a secret is kept. The console shows their keys only, and
          keeps no value in its records.
        </Notice>
      )}
      {values && <ValueTable values={values} />}
      {read.data && !missing && (
        <p className={classes.hint}>
          Read at <ExactTime at={read.data.readAt} />
        </p>
      )}
    </DrawerSection>
  );
}

function ValueTable({ values }: { values: Readonly<Record<string, string>> }) {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return <p>It is empty, which is legal.</p>;
  return (
    <table className={classes.values}>
      <thead>
        <tr>
          <th>Key</th>
          <th>Value</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(([key, value]) => (
          <tr key={key}>
            <td>{key}</td>
            <td>{value === "" ? <span className={classes.hint}>empty</span> : value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
