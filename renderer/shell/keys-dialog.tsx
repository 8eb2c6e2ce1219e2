import { Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Fragment } from "react";
import { KeyHint } from "../ui/key-hint.tsx";
import { type Shortcut, useShortcutRegistry, useShortcuts } from "../ui/shortcuts.ts";
import classes from "./keys-dialog.module.css";
import { inOrder } from "./shortcut-order.ts";

/** The list of all keys, behind `?`. */
export function KeysDialog() {
  const [opened, { open, close }] = useDisclosure(false);
  useShortcuts([
    {
      id: "keys",
      label: "Keyboard shortcuts",
      group: "Help",
      keys: "?",
      keywords: "shortcuts help",
      run: open,
    },
  ]);
  return (
    <Modal opened={opened} onClose={close} title="Keys" size="lg">
      <KeyList />
    </Modal>
  );
}

function KeyList() {
  const shortcuts = useShortcutRegistry((state) => state.shortcuts);
  return (
    <div className={classes.columns}>
      {groupsOf(shortcuts).map(([group, members]) => (
        <section key={group} className={classes.group}>
          <h3 className={classes.heading}>{group}</h3>
          <dl className={classes.list}>
            {members.map((shortcut) => (
              <Fragment key={shortcut.id}>
                <dt>
                  <KeyHint keys={shortcut.keys ?? ""} />
                </dt>
                <dd>{shortcut.label}</dd>
              </Fragment>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function groupsOf(shortcuts: readonly Shortcut[]): [string, Shortcut[]][] {
  // The latest of a key wins, as it does when the key is pressed; what a table hears itself stands beside it.
  const byKeys = new Map(
    shortcuts.filter((one) => one.keys).map((one) => [`${one.keys} ${one.ownKeys ?? false}`, one]),
  );
  const groups = new Map<string, Shortcut[]>();
  for (const shortcut of inOrder([...byKeys.values()])) {
    const members = groups.get(shortcut.group) ?? [];
    groups.set(shortcut.group, members);
    members.push(shortcut);
  }
  return [...groups];
}
