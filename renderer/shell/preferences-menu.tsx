import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { signOut } from "../client/browser-session.ts";
import { transport } from "../client/call.ts";
import { refreshOperations, useCommand, useOperation } from "../client/query.ts";
import { useUiStore } from "../state/ui-store.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import { AboutDialog } from "./about-dialog.tsx";
import { HttpDialog } from "./http-dialog.tsx";

const schemes = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "System" },
] as const;

const zones = [
  { value: "local", label: "Local time" },
  { value: "utc", label: "UTC" },
] as const;

const densities = [
  { value: "compact", label: "Compact" },
  { value: "comfortable", label: "Comfortable, 40 px" },
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
  const [opened, setOpened] = useState(false);
  const [http, setHttp] = useState(false);
  const [about, setAbout] = useState(false);
  const settings = useRef<HTMLButtonElement>(null);
  const inBrowser = transport().platform === "browser";
  useShortcuts([
    {
      id: "http-interface",
      label: "HTTP interface…",
      group: "View",
      keywords: "api curl token port",
      run: () => setHttp(true),
    },
    {
      id: "about",
      label: "About Switchyard…",
      group: "Help",
      keywords: "version build electron chromium licences notices third-party",
      run: () => setAbout(true),
    },
    ...(inBrowser
      ? [{ id: "sign-out", label: "Sign out", group: "View", keywords: "log out session end", run: signOut }]
      : []),
  ]);
  return (
    <>
      <Menu position="right-end" withinPortal opened={opened} onChange={setOpened}>
        <Menu.Target>
          <Tooltip label="View settings" position="right" disabled={opened}>
            <ActionIcon ref={settings} aria-label="View settings">
              <IconSettings size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Choices label="Colours" value={colorScheme} options={schemes} onChange={setColorScheme} />
          <Choices
            label="Times"
            value={utc ? "utc" : "local"}
            options={zones}
            onChange={(zone) => setUtc(zone === "utc")}
          />
          <Choices label="Rows" value={density} options={densities} onChange={setDensity} />
          <NotificationChoice />
          <Menu.Divider />
          <Menu.Item onClick={() => setHttp(true)}>HTTP interface…</Menu.Item>
          <Menu.Item onClick={() => setAbout(true)}>About Switchyard…</Menu.Item>
          {inBrowser && <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <HttpDialog opened={http} onClose={() => setHttp(false)} returnTo={settings} />
      <AboutDialog opened={about} onClose={() => setAbout(false)} returnTo={settings} />
    </>
  );
}

interface ChoicesProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

function Choices<Value extends string>({ label, value, options, onChange }: ChoicesProps<Value>) {
  return (
    <>
      <Menu.Label>{label}</Menu.Label>
      <Menu.RadioGroup value={value} onChange={(chosen) => onChange(chosen as Value)}>
        {options.map((option) => (
          <Menu.RadioItem key={option.value} value={option.value}>
            {option.label}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}

/** Whether the desktop tells of what settles in the background; a browser's page has no such thing. */
function NotificationChoice() {
  const desktop = transport().platform !== "browser";
  const { data } = useOperation("console.preferences.get", {}, { enabled: desktop });
  const save = useCommand("console.preferences.save");
  if (!desktop || !data) return null;
  const change = (choice: string) =>
    void save.run({ notifyWhenSettled: choice === "on" }).then(
      () => refreshOperations("console.preferences.get"),
      () => undefined,
    );
  return (
    <>
      <Menu.Label>When something settles in the background</Menu.Label>
      <Menu.RadioGroup value={data.notifyWhenSettled ? "on" : "off"} onChange={change}>
        <Menu.RadioItem value="on">Show a notification</Menu.RadioItem>
        <Menu.RadioItem value="off">Stay quiet</Menu.RadioItem>
      </Menu.RadioGroup>
    </>
  );
}
