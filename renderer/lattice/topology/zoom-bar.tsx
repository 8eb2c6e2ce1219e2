import { ActionIcon, Tooltip } from "@mantine/core";
import { IconMaximize, IconMinus, IconPlus } from "@tabler/icons-react";
import { useShortcuts } from "../../ui/shortcuts.ts";
import classes from "./topology.module.css";

interface ZoomBarProps {
  onFit: () => void;
  onIn: () => void;
  onOut: () => void;
}

/** Nearer, farther, everything. */
export function ZoomBar({ onFit, onIn, onOut }: ZoomBarProps) {
  const group = "Topology";
  const actions = [
    { id: "graph-in", label: "Zoom in", keys: "+", run: onIn, Icon: IconPlus },
    { id: "graph-out", label: "Zoom out", keys: "-", run: onOut, Icon: IconMinus },
    { id: "graph-fit", label: "Fit the graph", keys: "0", run: onFit, Icon: IconMaximize },
  ];
  useShortcuts(actions.map(({ id, label, keys, run }) => ({ id, label, keys, run, group })));
  return (
    <div className={classes.zoom}>
      {actions.map(({ id, label, keys, run, Icon }) => (
        <Tooltip key={id} label={`${label} (${keys})`} position="left">
          <ActionIcon variant="default" size={28} aria-label={label} onClick={run}>
            <Icon size={15} />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
