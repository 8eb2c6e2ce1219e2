import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { configNameSchema } from "../../../shared/lattice/inputs.ts";
import classes from "./configs.module.css";

/** Reads a config whose name no list has. */
export function OpenByName({ onOpen }: { onOpen: (name: string) => void }) {
  const [name, setName] = useState("");
  const parsed = configNameSchema.safeParse(name.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success) onOpen(parsed.data);
  };
  return (
    <form className={classes.byName} onSubmit={submit}>
      <TextInput
        aria-label="Name of a config"
        placeholder="name of another config"
        spellCheck={false}
        autoComplete="off"
        value={name}
        error={name !== "" && !parsed.success ? parsed.error.issues[0]?.message : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!parsed.success}>
        Read
      </Button>
    </form>
  );
}
