import { Button } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect, useState } from "react";
import { connectionsOperations } from "../../shared/connections/operations.ts";
import type { ConnectionProfile, ConnectionRow, Diagnosis } from "../../shared/connections/schema.ts";
import type { FailureData, GuardedChange } from "../../shared/contract/index.ts";
import { useCommand } from "../client/query.ts";
import { useGuardedPlace } from "../command/use-guarded-place.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Drawer, DrawerSection } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import type { GuardAnswer } from "../ui/guarded-actions.tsx";
import {
  type ConnectionForm,
  formErrors,
  formOf,
  freeId,
  type SaveInput,
  saveInputOf,
  settingsOf,
} from "./connection-form.ts";
import classes from "./connections.module.css";
import { DiagnosisView } from "./diagnosis-view.tsx";
import { AdvancedFields, IdentityFields } from "./profile-fields.tsx";
import { SignInSection, SystemField, SystemFields } from "./system-fields.tsx";

/** A save that changes a guard, or what is guarded. */
interface GuardedSave {
  input: SaveInput;
  change: GuardedChange;
}

const { input: schema, guarded } = connectionsOperations["connections.save"];

/** What a save would change of a guard; undefined where it needs no confirmation. */
function guardedSaveOf(input: SaveInput, profiles: readonly ConnectionProfile[]): GuardedChange | undefined {
  const change = guarded?.(schema.parse(input), profiles);
  return change?.connection.guard === "open" ? undefined : change;
}

interface ConfirmSaveProps extends GuardedSave {
  pending: boolean;
  failure: FailureData | undefined;
  onConfirm: (answer: GuardAnswer) => void;
  onCancel: () => void;
}

/** Asks, under the guard as it is now, before a guard is loosened or a guarded connection led elsewhere. */
function ConfirmSave({ change, ...rest }: ConfirmSaveProps) {
  const { title, mayLiftReadOnly = false } = change;
  const place = useGuardedPlace(change.connection as ConnectionProfile, { mayLiftReadOnly });
  return (
    <Confirm opened title="Change a guarded connection" place={place} actionLabel="Save changes" {...rest}>
      {title}. The change is kept in Activity.
    </Confirm>
  );
}

export interface ConnectionEditorProps {
  /** What the form begins with; undefined for an empty one. */
  start: ConnectionProfile | undefined;
  /** The connection that is changed; undefined where a new one is made. */
  existing: ConnectionRow | undefined;
  /** All connections: one that leads to the same place has a say in the guard. */
  rows: readonly ConnectionRow[];
  onClose: () => void;
}

/** Adds or changes a connection, and tests it as it stands in the form. */
export function ConnectionEditor({ start, existing, rows, onClose }: ConnectionEditorProps) {
  const form = useForm<ConnectionForm>({ initialValues: formOf(start), validate: formErrors });
  const save = useCommand("connections.save");
  const test = useCommand("connections.test");
  // The person asked for the form; its first field is where they go on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the editor opens; the form makes the function anew each time
  useEffect(() => form.getInputNode("name")?.focus(), []);
  const [diagnosis, setDiagnosis] = useState<Diagnosis>();
  const open = useCommand("connections.open");
  const [asked, setAsked] = useState<GuardedSave>();
  const saveAndOpen = async (input: SaveInput, answer?: GuardAnswer) => {
    await save.run(input, answer);
    // Whether it can be reached is told by its row; it is saved either way.
    if (!existing) void open.run({ connectionId: input.connectionId }).catch(() => undefined);
  };
  const profiles = rows.map(({ profile }) => profile);
  const taken = new Set(profiles.map(({ id }) => id));
  const inputOf = (values: ConnectionForm) =>
    saveInputOf({ ...values, id: existing?.profile.id ?? freeId(values.name, taken) });
  const send = (input: SaveInput, answer?: GuardAnswer) =>
    void saveAndOpen(input, answer).then(onClose, () => undefined);
  const onSave = form.onSubmit((values) => {
    const input = inputOf(values);
    const change = guardedSaveOf(input, profiles);
    if (change) setAsked({ input, change });
    else send(input);
  });
  const onTest = () => {
    if (form.validate().hasErrors) return;
    const values = form.getValues();
    const { connectionId, secrets } = inputOf(values);
    setDiagnosis(undefined);
    void test
      .run({ connectionId, settings: settingsOf(values), secrets })
      .then(setDiagnosis, () => undefined);
  };
  const actions = (
    <>
      <Button type="submit" form="connection-form" loading={save.pending}>
        {existing ? "Save changes" : "Save and open"}
      </Button>
      <Button variant="default" onClick={onTest} loading={test.pending}>
        Test connection
      </Button>
      <Button variant="subtle" color="gray" onClick={onClose}>
        Cancel
      </Button>
    </>
  );
  return (
    <Drawer
      title={existing ? `Edit ${existing.profile.name}` : "New connection"}
      onClose={onClose}
      actions={actions}
    >
      <form id="connection-form" onSubmit={onSave} noValidate className={classes.fields}>
        <DrawerSection title="General">
          <IdentityFields form={form} />
        </DrawerSection>
        <DrawerSection title="Server">
          <div className={classes.fields}>
            <SystemField form={form} fixed={existing !== undefined} />
            <SystemFields form={form} />
          </div>
        </DrawerSection>
        <SignInSection form={form} existing={existing} />
        {form.getValues().system === "lattice" && <AdvancedFields form={form} />}
      </form>
      {asked && (
        <ConfirmSave
          {...asked}
          pending={save.pending}
          failure={save.failure}
          onConfirm={(answer) => send(asked.input, answer)}
          onCancel={() => {
            save.reset();
            setAsked(undefined);
          }}
        />
      )}
      <div aria-live="polite">
        {!asked && save.failure && <FailureNotice what="Not saved" failure={save.failure} />}
        {test.failure && <FailureNotice what="The test could not run" failure={test.failure} />}
        {diagnosis && (
          <div ref={(element) => element?.scrollIntoView({ block: "nearest" })}>
            <DiagnosisView diagnosis={diagnosis} />
          </div>
        )}
      </div>
    </Drawer>
  );
}
