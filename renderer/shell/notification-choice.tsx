import { Menu } from "@mantine/core";
import { transport } from "../client/call.ts";
import { refreshOperations, useCommand, useOperation } from "../client/query.ts";

/** Whether the desktop tells of what settles in the background; a browser's page has no such thing. */
export function NotificationChoice() {
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
