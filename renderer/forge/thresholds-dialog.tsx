import { Button, Group, Modal, NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useReturnOfFocus } from "../ui/use-return-of-focus.ts";
import classes from "./forge.module.css";
import { setThresholds, type Thresholds, useThresholds } from "./thresholds.ts";

const fields = [
  ["lagSeconds", "Oldest ready job waits", " s"],
  ["pending", "Ready jobs", ""],
  ["failed", "Failed jobs (to be retried)", ""],
  ["dead", "Dead jobs", ""],
] as const;

/** From which figures on queues are marked; kept on this machine, for this connection. */
export function ThresholdsDialog({ connectionId, onClose }: { connectionId: string; onClose: () => void }) {
  useReturnOfFocus();
  const present = useThresholds(connectionId);
  const form = useForm<Record<keyof Thresholds, number | string>>({
    initialValues: {
      lagSeconds: present.lagSeconds ?? "",
      pending: present.pending ?? "",
      failed: present.failed ?? "",
      dead: present.dead ?? "",
    },
  });
  const save = form.onSubmit((values) => {
    const given = fields.flatMap(([name]) => {
      const value = values[name];
      return typeof value === "number" ? [[name, value] as const] : [];
    });
    setThresholds(connectionId, Object.fromEntries(given));
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title="Alerts" size={420}>
      <form onSubmit={save} className={classes.stack}>
        <p className={classes.hint}>
          A queue is marked when it reaches one of these. Empty: not watched. Kept on this machine only.
        </p>
        {fields.map(([name, label, suffix]) => (
          <NumberInput
            key={name}
            label={label}
            suffix={suffix}
            min={0}
            allowDecimal={false}
            {...form.getInputProps(name)}
          />
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">Set alerts</Button>
        </Group>
      </form>
    </Modal>
  );
}
