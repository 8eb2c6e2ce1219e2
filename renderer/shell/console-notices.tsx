import { Button } from "@mantine/core";
import { useState } from "react";
import { useOperation } from "../client/query.ts";
import { Notice } from "../ui/notice.tsx";

/** What the console has to say of itself, such as a repaired database; each sentence until it is put away. */
export function ConsoleNotices() {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const info = useOperation("console.info", {});
  const fresh = info.data?.notices.filter((text) => !seen.includes(text)) ?? [];
  return fresh.map((text) => (
    <Notice
      key={text}
      slim
      role="status"
      tone="warn"
      shape="diamond"
      title={text}
      actions={
        <Button variant="default" onClick={() => setSeen([...seen, text])}>
          Dismiss
        </Button>
      }
    />
  ));
}
