import type { ReactNode } from "react";
import { Notice } from "../ui/notice.tsx";

/** Says of a page what a connection without a server's address cannot show; the children say what it does show. */
export function DirectOnlyNotice({ children }: { children?: ReactNode }) {
  return (
    <Notice slim role="status" tone="idle" shape="ring" title="This connection leads to Valkey only">
      {children} Everything else is read, and done, over HTTP: add the address of ff-server to the connection.
    </Notice>
  );
}
