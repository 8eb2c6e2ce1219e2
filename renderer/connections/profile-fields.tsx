import { Checkbox, ColorInput, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { ConnectionForm } from "./connection-form.ts";
import classes from "./connections.module.css";

export interface FieldsProps {
  form: UseFormReturnType<ConnectionForm>;
}

const guardChoices = [
  { value: "open", label: "Open: one click" },
  { value: "confirm", label: "Confirm: an explicit step before each change" },
  { value: "protected", label: "Protected: type the connection's name" },
  { value: "read-only", label: "Read-only: nothing can be changed" },
];

const swatches = ["#1580cb", "#17803f", "#b26a00", "#c92f2f", "#7c4dff", "#0b7285", "#c2255c", "#5b6878"];

/** Name, environment, colour and guard. */
export function IdentityFields({ form }: FieldsProps) {
  return (
    <div className={classes.fields}>
      <TextInput label="Name" required placeholder="prod-eu" {...form.getInputProps("name")} />
      <div className={classes.pair}>
        <TextInput
          label="Environment"
          description="Badge, such as DEV or PROD"
          required
          {...form.getInputProps("environment")}
        />
        <ColorInput
          label="Colour"
          description="Colour of the bar at the top of the window"
          swatches={swatches}
          swatchesPerRow={8}
          withEyeDropper={false}
          {...form.getInputProps("color")}
        />
      </div>
      <Select
        label="Guard"
        data={guardChoices}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        {...form.getInputProps("guard")}
      />
      {form.getValues().guard === "protected" && (
        <NumberInput
          label="Locks again after"
          description="Minutes until it locks again; 0 asks every time"
          suffix=" min"
          min={0}
          max={240}
          {...form.getInputProps("relockMinutes")}
        />
      )}
      <Checkbox
        label="Open when the console starts"
        {...form.getInputProps("openAtStart", { type: "checkbox" })}
      />
    </div>
  );
}

/** Server addresses and the lattice. */
export function TargetFields({ form }: FieldsProps) {
  return (
    <div className={classes.fields}>
      <Textarea
        label="NATS addresses"
        description="nats://, tls://, ws:// or wss:// and host:port; one a line"
        required
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        {...form.getInputProps("addresses")}
      />
      <TextInput label="Lattice" required spellCheck={false} {...form.getInputProps("lattice")} />
    </div>
  );
}

/** What has a sensible default: TLS files, subject prefixes, waiting times. */
export function AdvancedFields({ form }: FieldsProps) {
  return (
    <>
      <details className={classes.advanced}>
        <summary>TLS</summary>
        <TlsFields form={form} />
      </details>
      <details className={classes.advanced}>
        <summary>Subjects and waiting times</summary>
        <WireFields form={form} />
      </details>
    </>
  );
}

function TlsFields({ form }: FieldsProps) {
  return (
    <div className={classes.fields}>
      <TextInput
        label="Certificate authority"
        description="PEM file; the system's certificate authorities by default"
        {...form.getInputProps("caFile")}
      />
      <TextInput
        label="Client certificate"
        description="Path of a PEM file"
        {...form.getInputProps("certificateFile")}
      />
      <TextInput label="Client key" description="Path of a PEM file" {...form.getInputProps("keyFile")} />
      <Checkbox
        label="TLS handshake first, before the server's greeting"
        {...form.getInputProps("handshakeFirst", { type: "checkbox" })}
      />
    </div>
  );
}

function WireFields({ form }: FieldsProps) {
  return (
    <div className={classes.fields}>
      <TextInput label="Control subject prefix" spellCheck={false} {...form.getInputProps("topicPrefix")} />
      <TextInput label="Event subject prefix" spellCheck={false} {...form.getInputProps("eventPrefix")} />
      <TextInput label="JetStream domain" spellCheck={false} {...form.getInputProps("jetStreamDomain")} />
      <div className={classes.pair}>
        <NumberInput
          label="Request timeout"
          suffix=" ms"
          min={100}
          {...form.getInputProps("requestTimeoutMs")}
        />
        <NumberInput
          label="Auction time-out"
          suffix=" ms"
          min={100}
          {...form.getInputProps("auctionTimeoutMs")}
        />
      </div>
      <NumberInput
        label="Heartbeat period"
        description="Hosts silent for two periods are stale, for four lost"
        suffix=" s"
        min={0.05}
        {...form.getInputProps("heartbeatSeconds")}
      />
    </div>
  );
}
