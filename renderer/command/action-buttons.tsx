import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDotsVertical } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { KeyHint } from "../ui/key-hint.tsx";
import { type Action, actionsFor } from "./action.ts";
import classes from "./command.module.css";
import { useActionKeys, useBegin } from "./use-actions.ts";

interface ActionsProps<Thing> {
  actions: readonly Action<Thing>[];
  things: readonly Thing[];
}

interface ActionButtonsProps<Thing> extends ActionsProps<Thing> {
  /** The heading of their keys. */
  group: string;
  /** There is nobody to ask. */
  disabled?: boolean;
  /** What the menu is called; unless given, "More". */
  more?: string;
  /** What else stands in the menu. */
  moreItems?: ReactNode;
}

/** The actions on what a drawer or page shows: its buttons, the menu of those behind them, and their keys. */
export function ActionButtons<Thing>(props: ActionButtonsProps<Thing>) {
  const { group, actions, things, disabled = false } = props;
  useActionKeys(group, disabled ? [] : actions, things);
  const offered = actionsFor(actions, things);
  return (
    <>
      {offered
        .filter((action) => !action.secondary)
        .map((action) => (
          <BeginButton key={action.id} action={action} things={things} disabled={disabled} />
        ))}
      <MoreMenu
        actions={offered.filter((action) => action.secondary)}
        things={things}
        label={props.more}
        disabled={disabled && props.moreItems === undefined}
      >
        {props.moreItems}
      </MoreMenu>
    </>
  );
}

/** The button of one action. */
export function BeginButton<Thing>(props: {
  action: Action<Thing>;
  things: readonly Thing[];
  disabled?: boolean;
}) {
  const { action, things } = props;
  const begin = useBegin();
  const refusal = action.refusal?.(things);
  return (
    <Button
      variant={action.primary ? "filled" : "default"}
      disabled={props.disabled === true || refusal !== undefined}
      title={refusal ?? keyTitle(action)}
      onClick={() => begin(action, things)}
    >
      {buttonText(action, things)}
    </Button>
  );
}

function MoreMenu<Thing>(
  props: ActionsProps<Thing> & { label: string | undefined; disabled: boolean; children?: ReactNode },
) {
  const { actions, things, label = "More", disabled, children } = props;
  const begin = useBegin();
  const target = useRef<HTMLButtonElement>(null);
  if (actions.length === 0 && children === undefined) return null;
  return (
    <Menu position="top-end" withinPortal>
      <Menu.Target>
        <Button
          ref={target}
          variant="default"
          disabled={disabled}
          rightSection={<IconChevronDown size={14} aria-hidden="true" />}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item
            key={action.id}
            color={action.destructive ? "red" : undefined}
            disabled={action.refusal?.(things) !== undefined}
            title={action.refusal?.(things)}
            rightSection={action.key && <KeyHint keys={action.key} />}
            onClick={() => begin(action, things, { returnTo: target })}
          >
            {buttonText(action, things)}
          </Menu.Item>
        ))}
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What can be done with the selected rows of a table, all at once. */
export function BulkActions<Thing>({ actions, things }: ActionsProps<Thing>) {
  const begin = useBegin();
  return actions
    .filter((action) => action.bulk)
    .map((action, index) => (
      <Button
        key={action.id}
        size="compact-xs"
        variant={index === 0 ? "filled" : "default"}
        disabled={action.refusal?.(things) !== undefined}
        title={action.refusal?.(things)}
        onClick={() => begin(action, things)}
      >
        {action.verb}…
      </Button>
    ));
}

interface LineActionsProps<Thing> extends ActionsProps<Thing> {
  /** What the line is about, in the names of its buttons: "cart", or "on quiet-river-1022". */
  what: string;
}

/** What can be done with what stands in one line: the first as a button, the others in a menu. */
export function LineActions<Thing>({ what, actions, things }: LineActionsProps<Thing>) {
  const begin = useBegin();
  const [first, ...others] = actionsFor(actions, things);
  if (!first) return null;
  return (
    <span className={classes.line}>
      <Button
        size="compact-xs"
        variant="subtle"
        aria-label={`${first.verb} ${what}`}
        onClick={() => begin(first, things)}
      >
        {first.verb}
      </Button>
      {others.length > 0 && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon size={22} aria-label={`More: ${what}`}>
              <IconDotsVertical size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((action) => (
              <Menu.Item key={action.id} onClick={() => begin(action, things)}>
                {action.verb} {what}…
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}

function buttonText<Thing>(action: Action<Thing>, things: readonly Thing[]): string {
  return action.button?.(things) ?? `${action.verb}…`;
}

function keyTitle<Thing>({ key }: Action<Thing>): string | undefined {
  return key && `Key: ${key}`;
}
