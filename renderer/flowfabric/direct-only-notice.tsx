import type { ReactNode } from "react";
import { Notice } from "../ui/notice.tsx";

/** Says of a page what a connection without a server's address cannot show; the children say what it does show. */
export function DirectOnlyNotice({ children }: { children: ReactNode }) {
  return (
    <Notice slim role="status" tone="idle" shape="ring" title="This connection leads to Valkey only">
      {children} All else takes the address of ff-server in the connection&apos;s settings.
    </Notice>
  );
}
