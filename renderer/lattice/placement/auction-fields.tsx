import { Autocomplete, Button, SegmentedControl } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { KeyHint } from "../../ui/key-hint.tsx";
import type { AuctionForm, WorkloadKind } from "./auction-form.ts";
import { ConstraintsEditor } from "./constraints-editor.tsx";
import classes from "./placement.module.css";
import type { KnownWorkloads } from "./use-known-workloads.ts";

interface AuctionFieldsProps {
  form: UseFormReturnType<AuctionForm>;
  hosts: readonly HostRow[];
  known: KnownWorkloads;
  /** An auction is open: the next one waits for its end. */
  busy: boolean;
  onHold: (simulated: boolean) => void;
}

const most = 40;

/** What is to be placed, and what a host must have to be asked. */
export function AuctionFields({ form, hosts, known, busy, onHold }: AuctionFieldsProps) {
  const { kind, id } = form.values;
  const chooseId = (next: string) => {
    form.setFieldValue("id", next);
    const [image] = known.imagesOf(next);
    if (image && form.values.imageReference === "") form.setFieldValue("imageReference", image);
  };
  return (
    <form
      className={classes.form}
      aria-label="Auction"
      onSubmit={(event) => {
        event.preventDefault();
        onHold(false);
      }}
    >
      <div className={classes.what}>
        <SegmentedControl
          aria-label="What is placed"
          data={[
            { label: "Component", value: "component" },
            { label: "Provider", value: "provider" },
          ]}
          value={kind}
          onChange={(value) => form.setFieldValue("kind", value as WorkloadKind)}
        />
        <Autocomplete
          size="xs"
          label="Id"
          placeholder={kind === "component" ? "orders-api" : "http-server"}
          {...text}
          data={[...known.ids]}
          limit={most}
          value={id}
          error={form.errors.id}
          onChange={(next) => form.setFieldValue("id", next)}
          onOptionSubmit={chooseId}
        />
        <Autocomplete
          size="xs"
          label="Image"
          placeholder="registry.example.com/shop/orders-api:2.3.1"
          {...text}
          data={known.imagesOf(id)}
          limit={most}
          value={form.values.imageReference}
          error={form.errors.imageReference}
          onChange={(next) => form.setFieldValue("imageReference", next)}
        />
      </div>
      <ConstraintsEditor
        hosts={hosts}
        constraints={form.values.constraints}
        onChange={(constraints) => form.setFieldValue("constraints", constraints)}
      />
      <div className={classes.ask}>
        <Button type="submit" disabled={busy} rightSection={<KeyHint keys="mod+enter" />}>
          {busy ? "Auction is open" : "Run auction"}
        </Button>
        <Button variant="default" disabled={busy} onClick={() => onHold(true)}>
          Simulate
        </Button>
        <span className={classes.hint}>
          An auction asks every host and reserves nothing. A simulation sends nothing at all.
        </span>
      </div>
    </form>
  );
}

const text = { autoComplete: "off", spellCheck: false, classNames: { input: "mono" } } as const;
