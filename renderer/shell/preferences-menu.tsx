import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { useUiStore } from "../state/ui-store.ts";
import { useShortcuts } from "../ui/shortcuts.ts";

const schemes = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "As the system" },
] as const;

/** How things are shown: colour scheme, time zone, density. */
export function PreferencesMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { utc, setUtc, density, setDensity } = useUiStore();
  const toggleUtc = () => setUtc(!utc);
  const toggleDensity = () => setDensity(density === "compact" ? "comfortable" : "compact");
  useShortcuts([
    ...schemes.map(({ value, label }) => ({
      id: `scheme-${value}`,
      label: `Colours: ${label.toLowerCase()}`,
      group: "View",
      keywords: "theme dark light mode",
      run: () => setColorScheme(value),
    })),
    {
      id: "utc",
      label: utc ? "Show local times" : "Show times in UTC",
      group: "View",
      keys: "v u",
      run: toggleUtc,
    },
    {
      id: "density",
      label: density === "compact" ? "Comfortable rows" : "Compact rows",
      group: "View",
      keys: "v d",
      run: toggleDensity,
    },
  ]);
  return (
    <Menu position="right-end" withinPortal>
      <Menu.Target>
        <Tooltip label="View settings" position="right">
          <ActionIcon aria-label="View settings">
            <IconSettings size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(({ value, label }) => (
          <Choice
            key={value}
            chosen={colorScheme === value}
            label={label}
            onChoose={() => setColorScheme(value)}
          />
        ))}
        <Menu.Label>Times</Menu.Label>
        <Choice chosen={!utc} label="Local time" onChoose={() => setUtc(false)} />
        <Choice chosen={utc} label="UTC" onChoose={() => setUtc(true)} />
        <Menu.Label>Rows</Menu.Label>
        <Choice
          chosen={density === "compact"}
          label="Compact, 32 px"
          onChoose={() => setDensity("compact")}
        />
        <Choice
          chosen={density === "comfortable"}
          label="Comfortable, 40 px"
          onChoose={() => setDensity("comfortable")}
        />
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({ chosen, label, onChoose }: { chosen: boolean; label: string; onChoose: () => void }) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={chosen}
      onClick={onChoose}
      rightSection={chosen ? "✓" : undefined}
    >
      {label}
    </Menu.Item>
  );
}
