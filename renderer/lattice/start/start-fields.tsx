import { Autocomplete, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { MapEditor } from "../../ui/map-editor.tsx";
import { ConfigNames } from "./config-names.tsx";
import classes from "./start.module.css";
import { type StartKind, type StartValues, suggestedId } from "./start-values.ts";

interface StartFieldsProps {
  kind: StartKind;
  form: UseFormReturnType<StartValues>;
  /** References that are in use already. */
  images: readonly string[];
}

/** What is to be started: image, id, configs, annotations; for a component also how many and within which limits. */
export function StartFields({ kind, form, images }: StartFieldsProps) {
  const values = form.getValues();
  const imageField = form.getInputProps("imageReference");
  const onImage = (text: string) => {
    // The id follows the image until the person writes another one.
    if (values.id === suggestedId(values.imageReference)) form.setFieldValue("id", suggestedId(text));
    form.setFieldValue("imageReference", text);
  };
  return (
    <div className={classes.fields}>
      <Autocomplete
        size="xs"
        label="Image reference"
        required
        data-autofocus
        placeholder={
          kind === "component" ? "registry.example/shop/cart:2.0.0" : "wasmcloud+builtin://http-server"
        }
        data={[...images]}
        limit={8}
        openOnFocus={false}
        comboboxProps={{ withinPortal: true }}
        spellCheck={false}
        {...imageField}
        onChange={onImage}
      />
      <div className={classes.columns}>
        <TextInput
          label={kind === "component" ? "Component id" : "Provider id"}
          description="Chosen by you; links name it."
          required
          spellCheck={false}
          autoComplete="off"
          {...form.getInputProps("id")}
        />
        {kind === "component" && <InstanceFields form={form} />}
      </div>
      <ConfigNames
        value={values.config}
        error={form.errors.config?.toString()}
        onChange={(names) => form.setFieldValue("config", names)}
      />
      <MapEditor
        label="Annotations"
        noun="annotation"
        entries={values.annotations}
        onChange={(entries) => form.setFieldValue("annotations", entries)}
      />
    </div>
  );
}

function InstanceFields({ form }: Pick<StartFieldsProps, "form">) {
  return (
    <>
      <TextInput
        label="Instances"
        description="A number, or unbounded."
        required
        autoComplete="off"
        {...form.getInputProps("instances")}
      />
      <TextInput
        label="Memory limit"
        description="Such as 128 MiB; empty: none."
        autoComplete="off"
        {...form.getInputProps("memory")}
      />
      <TextInput
        label="Time limit"
        description="Seconds per call; empty: none."
        inputMode="numeric"
        autoComplete="off"
        {...form.getInputProps("seconds")}
      />
    </>
  );
}
