import { ActionIcon, Button } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { useActionKeys, useBegin } from "../../command/use-actions.ts";
import { DrawerSection } from "../../ui/drawer.tsx";
import { changeLabel, deleteLabel, setLabel } from "../host-actions.tsx";
import list from "../lattice.module.css";
import classes from "./labels.module.css";

/** The labels of a host, each of which can be changed and deleted; those that it sets itself come last. */
export function LabelsSection({ host }: { host: HostRow }) {
  const begin = useBegin();
  useActionKeys("Host", [setLabel], [host]);
  const labels = Object.entries(host.labels)
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => rankOf(a.key).localeCompare(rankOf(b.key)));
  return (
    <DrawerSection
      title={`Labels (${labels.length})`}
      actions={
        <Button size="compact-xs" variant="light" onClick={() => begin(setLabel, [host])}>
          Set a label…
        </Button>
      }
    >
      {labels.length === 0 && <span className={list.hint}>None.</span>}
      <div className={list.scrollList}>
        <table className={list.list}>
          <tbody>
            {labels.map((label) => (
              <tr key={label.key}>
                <td className="mono" title={label.key}>
                  {label.key}
                </td>
                <td className="mono" title={label.value}>
                  {label.value}
                </td>
                <td data-align="end">
                  <span className={classes.actions}>
                    <ActionIcon
                      size={22}
                      aria-label={`Change label ${label.key}`}
                      title="Change"
                      onClick={() => begin(changeLabel, [{ host, ...label }])}
                    >
                      <IconPencil size={14} />
                    </ActionIcon>
                    <ActionIcon
                      size={22}
                      aria-label={`Delete label ${label.key}`}
                      title="Delete"
                      onClick={() => begin(deleteLabel, [{ host, ...label }])}
                    >
                      <IconTrash size={14} />
                    </ActionIcon>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </DrawerSection>
  );
}

/** A host's own labels are the same on most hosts, and least of interest. */
function rankOf(key: string): string {
  return `${key.startsWith("hostcore.") ? 1 : 0}${key}`;
}
