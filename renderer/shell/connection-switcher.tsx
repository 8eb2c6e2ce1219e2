import { Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconPlus } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import type { ConnectionRow } from "../../shared/connections/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { selectedBy } from "../state/place.ts";
import type { Selection } from "../state/selection.ts";
import { EnvironmentBadge } from "../ui/environment-badge.tsx";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";
import own from "./header.module.css";
import { useSelect } from "./use-select.ts";

/** The connection in use; opens the list of all. */
export function ConnectionSwitcher({ selection }: { selection: Selection | undefined }) {
  const connections = useTopic("connections").rows;
  const select = useSelect();
  const navigate = useNavigate();
  const name = selection ? (selection.profile?.name ?? selection.connectionId) : "No connection";
  return (
    <Menu position="bottom-start" withinPortal width={320}>
      <Menu.Target>
        <UnstyledButton className={own.switch ?? ""} aria-label={`${name}: choose a connection`}>
          <span className={own.dot} aria-hidden="true" />
          <span className={own.name}>{name}</span>
          <IconChevronDown size={13} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Connections</Menu.Label>
        {connections.map((row) => (
          <ConnectionItem
            key={row.profile.id}
            row={row}
            current={row.profile.id === selection?.connectionId}
            onChoose={() => select(selectedBy(row.profile))}
          />
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlus size={14} />}
          onClick={() => navigate(`${pathTo("connections", selection)}?edit=new`)}
        >
          Add a connection…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ConnectionItem(props: { row: ConnectionRow; current: boolean; onChoose: () => void }) {
  const { profile, status } = props.row;
  const look = lookOf(status.state);
  return (
    <Menu.Item
      onClick={props.onChoose}
      aria-current={props.current || undefined}
      leftSection={<StateGlyph shape={look.shape} tone={look.tone} label={look.word} />}
      rightSection={<EnvironmentBadge name={profile.environment} color={profile.color} />}
      fw={props.current ? 600 : undefined}
    >
      {profile.name}
    </Menu.Item>
  );
}
