import { Notice } from "../../ui/notice.tsx";
import type { ConfigList } from "./config-rows.ts";
import { OpenByName } from "./open-by-name.tsx";

interface ConfigNoticesProps {
  list: ConfigList | undefined;
  onOpen: (name: string) => void;
}

/** Says why a list holds the known names only, and reads the others by name. */
export function ConfigNotices({ list, onOpen }: ConfigNoticesProps) {
  if (!list || list.complete) return null;
  const { problem } = list;
  return (
    <Notice
      role="status"
      tone="warn"
      shape="question"
      title="Known names only: there may be more configs"
      actions={<OpenByName onOpen={onOpen} />}
    >
      {problem?.message} Shown are the names that links, commands of this console and events give away.{" "}
      {problem?.hint}
    </Notice>
  );
}
