import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { IssuedToken } from "../../shared/flux/listener-operations.ts";
import { useCommand } from "../client/query.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import classes from "./flux.module.css";
import { IssuedTokenView } from "./issued-token.tsx";
import { useFlux } from "./use-flux.ts";

/** An id made of a name. */
function idOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
}

/** Makes a token for a daemon, and shows once what to paste. */
export function AddDaemonDialog({ onClose }: { onClose: () => void }) {
  const { connectionId, place } = useFlux();
  const add = useCommand("flux.daemons.add");
  const [issued, setIssued] = useState<IssuedToken>();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (idOf(name) === "" ? "a name with a letter or digit is needed" : null) },
  });
  const submit = form.onSubmit(({ name }) =>
    add
      .run({ connectionId, daemonId: idOf(name), name: name.trim() })
      .then(setIssued)
      .catch(() => undefined),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      size={620}
      closeOnClickOutside={!issued}
      closeOnEscape={!issued}
      title={issued ? `Token of ${issued.daemon.name}` : "Add a daemon"}
      styles={{ content: { borderTop: `3px solid ${place.color}` } }}
    >
      {issued ? (
        <IssuedTokenView issued={issued} onClose={onClose} />
      ) : (
        <form onSubmit={submit} className={classes.form}>
          <TextInput
            label="Name"
            description="How this console calls the daemon, such as its cluster"
            placeholder="prod-eu"
            required
            maxLength={60}
            data-autofocus
            {...form.getInputProps("name")}
          />
          {add.failure && <FailureNotice failure={add.failure} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.pending}>
              Make a token
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}
