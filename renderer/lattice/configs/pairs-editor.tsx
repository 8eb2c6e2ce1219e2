import { ActionIcon, Button, PasswordInput, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { ClipboardEvent } from "react";
import { formatQuantity } from "../../ui/format.ts";
import { type ConfigForm, type Pair, pairOf, readPairs, valuesOf } from "./config-form.ts";
import classes from "./configs.module.css";

interface PairsEditorProps {
  form: UseFormReturnType<ConfigForm>;
  secret: boolean;
}

/** Keys and values, one line each; pasted `KEY=value` lines or JSON become lines of their own. */
export function PairsEditor({ form, secret }: PairsEditorProps) {
  const { pairs } = form.values;
  const paste = (event: ClipboardEvent, index: number) => {
    const read = readPairs(event.clipboardData.getData("text"));
    if (!read || pairs[index]?.key !== "") return;
    event.preventDefault();
    form.setFieldValue("pairs", withPasted(pairs, read));
  };
  return (
    <section className={classes.section} aria-label="Keys and values">
      <h3 className={classes.heading}>
        {formatQuantity(Object.keys(valuesOf(form.values)).length, "key")}; lines such as KEY=value, or JSON,
        can be pasted into a key
      </h3>
      <div className={classes.pairs}>
        {pairs.map((pair, index) => (
          <div key={pair.id} className={classes.pair}>
            <TextInput
              aria-label={`Key ${index + 1}`}
              placeholder="KEY"
              autoComplete="off"
              spellCheck={false}
              onPaste={(event) => paste(event, index)}
              {...form.getInputProps(`pairs.${index}.key`)}
            />
            <ValueField form={form} index={index} secret={secret} />
            <ActionIcon
              size={30}
              aria-label={`Remove line ${index + 1}`}
              onClick={() => form.removeListItem("pairs", index)}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        ))}
      </div>
      <div>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={12} />}
          onClick={() => form.insertListItem("pairs", pairOf())}
        >
          Add a key
        </Button>
      </div>
    </section>
  );
}

function ValueField({ form, index, secret }: PairsEditorProps & { index: number }) {
  const common = { "aria-label": `Value ${index + 1}`, ...form.getInputProps(`pairs.${index}.value`) };
  if (secret) return <PasswordInput placeholder="not shown; write it again" autoComplete="off" {...common} />;
  return <Textarea placeholder="empty" autosize minRows={1} maxRows={6} spellCheck={false} {...common} />;
}

/** What is pasted replaces the lines of the same key, and goes before the empty one. */
function withPasted(pairs: readonly Pair[], read: readonly (readonly [string, string])[]): Pair[] {
  const pasted = new Map(read);
  const kept = pairs.filter(({ key }) => key !== "" && !pasted.has(key));
  return [...kept, ...[...pasted].map(([key, value]) => pairOf(key, value)), pairOf()];
}
