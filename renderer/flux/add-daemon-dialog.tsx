import { Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { IssuedToken } from "../../shared/flux/listener-operations.ts";
import { useCommand } from "../client/query.ts";
import { useGuardedPlace } from "../command/use-guarded-place.ts";
import { useSystem } from "../state/selection.ts";
import { type GuardAnswer, GuardedActions } from "../ui/guarded-actions.tsx";
import classes from "./flux.module.css";
import { IssuedTokenView } from "./issued-token.tsx";

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
  const { connectionId, profile } = useSystem("flux");
  const place = useGuardedPlace(profile);
  const add = useCommand("flux.daemons.add");
  const [issued, setIssued] = useState<IssuedToken>();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (idOf(name) === "" ? "a name with a letter or digit is needed" : null) },
  });
  const send = ({ name }: { name: string }, answer?: GuardAnswer) =>
    void add
      .run({ connectionId, daemonId: idOf(name), name: name.trim() }, answer)
      .then(setIssued)
      .catch(() => undefined);
  // Enter in the field is a click where one click is enough.
  const submit = form.onSubmit((values) => (place.guard === "open" ? send(values) : undefined));
  const confirm = (answer: GuardAnswer) => {
    if (!form.validate().hasErrors) send(form.getValues(), answer);
  };
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
          <GuardedActions
            place={place}
            actionLabel="Make a token"
            pending={add.pending}
            failure={add.failure}
            onConfirm={confirm}
            onCancel={onClose}
          />
        </form>
      )}
    </Modal>
  );
}
