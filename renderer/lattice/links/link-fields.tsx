import { Autocomplete, TagsInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useMemo } from "react";
import { useConfigList } from "../configs/use-config-list.ts";
import type { LinkForm } from "./link-form.ts";
import { type Ends, type LinkView, witOf } from "./link-views.ts";
import classes from "./links.module.css";

interface LinkFieldsProps {
  form: UseFormReturnType<LinkForm>;
  /** What runs, and what is linked already, to complete from. */
  ends: Ends;
  views: readonly LinkView[];
}

const most = 12;

/** The fields of a link, completed from what runs, from the other links and from the known configs. */
export function LinkFields({ form, ends, views }: LinkFieldsProps) {
  const ids = useMemo(() => [...ends.keys()].sort(), [ends]);
  const packages = useMemo(() => [...new Set(views.map(({ link }) => witOf(link)))].sort(), [views]);
  const { wit } = form.getValues();
  const interfaces = useMemo(
    () => [...new Set(views.flatMap(({ link }) => (witOf(link) === wit.trim() ? link.interfaces : [])))],
    [views, wit],
  );
  return (
    <div className={classes.fields}>
      <Autocomplete
        label="Source"
        description="Id of the component or provider that calls"
        required
        data={ids}
        limit={most}
        spellCheck={false}
        {...form.getInputProps("sourceId")}
      />
      <Autocomplete
        label="Target"
        description="Id of the one that is called"
        required
        data={ids}
        limit={most}
        spellCheck={false}
        {...form.getInputProps("target")}
      />
      <Autocomplete
        label="WIT package"
        description="Namespace and package, without a version"
        placeholder="wasi:http"
        required
        data={packages}
        limit={most}
        spellCheck={false}
        {...form.getInputProps("wit")}
      />
      <TagsInput
        label="Interfaces"
        description="Of that package; Enter after each"
        placeholder={form.getValues().interfaces.length > 0 ? "" : "incoming-handler"}
        data={interfaces}
        {...form.getInputProps("interfaces")}
      />
      <TextInput
        className={classes.wide ?? ""}
        label="Link name"
        description="A source may link a package to several targets under different names"
        required
        spellCheck={false}
        {...form.getInputProps("name")}
      />
      <ConfigNames form={form} />
    </div>
  );
}

/** Named configs for either end, in order: later ones win per key. */
function ConfigNames({ form }: { form: UseFormReturnType<LinkForm> }) {
  const configs = useConfigList().data?.configs;
  const names = useMemo(() => configs?.map(({ name }) => name) ?? [], [configs]);
  return (
    <>
      <TagsInput
        label="Configs for the source"
        description="Names, in order; later ones override earlier ones"
        data={names}
        limit={most}
        {...form.getInputProps("sourceConfig")}
      />
      <TagsInput
        label="Configs for the target"
        description="Names, in order; later ones override earlier ones"
        data={names}
        limit={most}
        {...form.getInputProps("targetConfig")}
      />
    </>
  );
}
