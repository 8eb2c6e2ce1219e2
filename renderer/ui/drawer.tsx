import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import { Fragment, type ReactNode, useId } from "react";
import classes from "./drawer.module.css";
import { useShortcuts } from "./shortcuts.ts";
import { useReturnOfFocus } from "./use-return-of-focus.ts";

export interface DrawerProps {
  title: ReactNode;
  subtitle?: ReactNode;
  onClose: () => void;
  /** Goes to the row before or after; without it the drawer stands alone. */
  onStep?: ((by: -1 | 1) => void) | undefined;
  actions?: ReactNode;
  children: ReactNode;
}

/** One entity beside its list, which it pushes aside: Esc closes, `[` and `]` step through the rows. */
export function Drawer({ title, subtitle, onClose, onStep, actions, children }: DrawerProps) {
  const heading = useId();
  useReturnOfFocus();
  const group = "Drawer";
  useShortcuts([
    { id: "drawer-close", label: "Close the drawer", group, keys: "escape", keyOnly: true, run: onClose },
    ...(onStep
      ? [
          {
            id: "drawer-before",
            label: "Row before",
            group,
            keys: "[",
            keyOnly: true,
            run: () => onStep(-1),
          },
          { id: "drawer-after", label: "Row after", group, keys: "]", keyOnly: true, run: () => onStep(1) },
        ]
      : []),
  ]);
  return (
    <aside className={classes.drawer} aria-labelledby={heading}>
      <div className={classes.heading}>
        <div className={classes.titles}>
          <h2 id={heading} className={classes.title}>
            {title}
          </h2>
          {subtitle && <div className={classes.subtitle}>{subtitle}</div>}
        </div>
        {onStep && (
          <>
            <IconAction
              label="Row before"
              keys="["
              onClick={() => onStep(-1)}
              icon={<IconChevronUp size={16} />}
            />
            <IconAction
              label="Row after"
              keys="]"
              onClick={() => onStep(1)}
              icon={<IconChevronDown size={16} />}
            />
          </>
        )}
        <IconAction label="Close" keys="Esc" onClick={onClose} icon={<IconX size={16} />} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className={classes.body} tabIndex={0} aria-label="Details">
        {children}
      </section>
      {actions && <div className={classes.foot}>{actions}</div>}
    </aside>
  );
}

function IconAction(props: { label: string; keys: string; icon: ReactNode; onClick: () => void }) {
  return (
    <Tooltip label={`${props.label} (${props.keys})`}>
      <ActionIcon aria-label={props.label} onClick={props.onClick}>
        {props.icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** A part of a drawer under its own heading, with what can be done on its right. */
export function DrawerSection(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3 className={classes.sectionTitle}>
        {props.title}
        {props.actions}
      </h3>
      {props.children}
    </section>
  );
}

/** Names and values; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== "")
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
