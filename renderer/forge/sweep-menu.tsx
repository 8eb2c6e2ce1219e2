import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type RefObject, useState } from "react";
import { useSystem } from "../state/selection.ts";
import { DemoDialog } from "./demo-dialog.tsx";
import { SweepAgeDialog } from "./sweep-age-dialog.tsx";
import { SweepDeleteDialog } from "./sweep-delete-dialog.tsx";
import { SweepRetryDialog } from "./sweep-retry-dialog.tsx";

const sweeps = {
  retry: { title: "Retry every failed or dead job…", Dialog: SweepRetryDialog },
  delete: { title: "Delete every job of a status…", Dialog: SweepDeleteDialog },
  age: { title: "Delete old done jobs…", Dialog: SweepAgeDialog },
  demo: { title: "Enqueue a demonstration job…", Dialog: DemoDialog },
} as const;
export type Sweep = keyof typeof sweeps;

interface SweepDialogProps {
  sweep: Sweep;
  /** With which the form begins, where it has a queue. */
  queue: string | undefined;
  returnTo: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** The dialog of one sweep. */
export function SweepDialog({ sweep, ...props }: SweepDialogProps) {
  const { Dialog } = sweeps[sweep];
  return <Dialog {...props} />;
}

/** Commands for which the server itself finds the jobs: quicker than one by one, and without a receipt for each. */
export function SweepMenu({
  queue,
  ref,
}: {
  queue: string | undefined;
  ref: RefObject<HTMLButtonElement | null>;
}) {
  const { isOpen } = useSystem("forge");
  const [sweep, setSweep] = useState<Sweep>();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button ref={ref} variant="default" disabled={!isOpen} rightSection={<IconChevronDown size={14} />}>
            Whole server
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>The server finds the jobs itself</Menu.Label>
          <SweepItems sweeps={["retry", "delete", "age"]} onChosen={setSweep} />
          <Menu.Divider />
          <SweepItems sweeps={["demo"]} onChosen={setSweep} />
        </Menu.Dropdown>
      </Menu>
      {sweep && (
        <SweepDialog sweep={sweep} queue={queue} returnTo={ref} onClose={() => setSweep(undefined)} />
      )}
    </>
  );
}

/** Items of a menu that lead to sweeps. */
export function SweepItems(props: { sweeps: readonly Sweep[]; onChosen: (sweep: Sweep) => void }) {
  return props.sweeps.map((sweep) => (
    <Menu.Item key={sweep} onClick={() => props.onChosen(sweep)}>
      {sweeps[sweep].title}
    </Menu.Item>
  ));
}
