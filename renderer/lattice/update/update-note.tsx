import { Notice } from "../../ui/notice.tsx";

/** How hosts report an update, which takes some knowing (wasmcloud-control §2.7, traps 6 and 7). */
export function UpdateNote() {
  return (
    <Notice slim tone="idle" shape="ring" title="How a host reports an update">
      A good one is announced twice, the second time with 0 instances: that does not mean that it stopped. A
      failed one is not announced at all, so that after a wait the console reads what the host lists. Its
      inventory then shows the new image; which code answers cannot be read.
    </Notice>
  );
}
