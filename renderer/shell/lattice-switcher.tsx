import { Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { LatticeRow } from "../../shared/lattice/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import type { LatticeSelection } from "../state/selection.ts";
import { formatQuantity } from "../ui/format.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";
import own from "./header.module.css";
import { useSelect } from "./use-select.ts";

/** The lattice in use; opens the list of those followed and those only seen on the same servers. */
export function LatticeSwitcher({ selection }: { selection: LatticeSelection }) {
  return (
    <Menu position="bottom-start" withinPortal width={320}>
      <Menu.Target>
        <UnstyledButton className={own.switch ?? ""} aria-label={`${selection.lattice}: choose a lattice`}>
          <span className={own.name}>{selection.lattice}</span>
          <IconChevronDown size={13} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Lattices selection={selection} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Drawn only while the list is open; the rows behind it change several times a second. */
function Lattices({ selection }: { selection: LatticeSelection }) {
  const { rows } = useTopic("lattice.lattices", { connectionId: selection.connectionId });
  return (
    <>
      <LatticeGroup label="Lattices" rows={rows.filter((row) => row.followed)} selection={selection} />
      <LatticeGroup
        label="Seen on these servers, not followed"
        rows={rows.filter((row) => !row.followed)}
        selection={selection}
      />
      {rows.length === 0 && <Menu.Item disabled>No lattice has been seen yet</Menu.Item>}
    </>
  );
}

function LatticeGroup(props: { label: string; rows: readonly LatticeRow[]; selection: LatticeSelection }) {
  const select = useSelect();
  const { connectionId, lattice } = props.selection;
  if (props.rows.length === 0) return null;
  return (
    <>
      <Menu.Label>{props.label}</Menu.Label>
      {props.rows.map((row) => {
        const look = lookOf(row.phase);
        const hosts = row.hosts.live + row.hosts.stale + row.hosts.lost;
        return (
          <Menu.Item
            key={row.lattice}
            aria-current={row.lattice === lattice || undefined}
            fw={row.lattice === lattice ? 600 : undefined}
            leftSection={<StateGlyph shape={look.shape} tone={look.tone} label={look.word} />}
            rightSection={row.followed ? formatQuantity(hosts, "host") : "open to follow"}
            onClick={() => select({ connectionId, lattice: row.lattice })}
          >
            {row.lattice}
          </Menu.Item>
        );
      })}
    </>
  );
}
