import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { asFailure } from "../../shared/contract/index.ts";
import { call } from "../client/call.ts";
import { useSystem } from "../state/selection.ts";
import type { BulkAction, BulkJob } from "./job-bulk.ts";
import { filterOf, type JobSearch } from "./job-search.ts";
import { JobsCommandDialog } from "./jobs-command-dialog.tsx";

interface Chosen {
  action: BulkAction;
  jobs: readonly BulkJob[];
  incomplete: boolean;
}

const actions: readonly (readonly [BulkAction, string])[] = [
  ["retry", "Retry all matching…"],
  ["delete", "Delete all matching…"],
];

/** Commands on every job that the search finds, not only on those of the page; they are read before anything is asked. */
export function MatchingMenu({ search }: { search: JobSearch }) {
  const { connectionId, isOpen } = useSystem("forge");
  const [reading, setReading] = useState(false);
  const [chosen, setChosen] = useState<Chosen>();
  const ref = useRef<HTMLButtonElement>(null);
  const choose = async (action: BulkAction) => {
    setReading(true);
    try {
      const { jobs, complete } = await call("forge.jobs.match", { connectionId, filter: filterOf(search) });
      setChosen({ action, jobs, incomplete: !complete });
    } catch (error) {
      notifications.show({ color: "red", message: asFailure(error).message });
    } finally {
      setReading(false);
    }
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            ref={ref}
            variant="default"
            loading={reading}
            disabled={!isOpen || search.view === "scheduled"}
            rightSection={<IconChevronDown size={14} />}
          >
            All matching
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map(([action, label]) => (
            <Menu.Item key={action} onClick={() => void choose(action)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {chosen && <JobsCommandDialog {...chosen} returnTo={ref} onClose={() => setChosen(undefined)} />}
    </>
  );
}
