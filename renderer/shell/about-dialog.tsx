import { Button, Modal, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { useOperation } from "../client/query.ts";
import { useNow } from "../state/clock.ts";
import { Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime, RelativeTime } from "../ui/relative-time.tsx";
import classes from "./about-dialog.module.css";

const week = 7 * 24 * 60 * 60 * 1000;

/** Each Electron gets fixes for about this long: three majors are supported, and a new one comes every eight weeks. */
const supported = 24 * week;

/** Says whether the Electron that was current when this was built no longer gets security fixes. */
export function isOutOfSupport(builtAt: string, now: number): boolean {
  return now - Date.parse(builtAt) > supported;
}

/** Which version this is, how old it and its browser are, and the works of others in it. */
export function AboutDialog(props: {
  opened: boolean;
  onClose: () => void;
  /** Where the focus goes afterwards: the item of the menu that opened the dialog is gone by then. */
  returnTo: RefObject<HTMLElement | null>;
}) {
  const { opened, onClose, returnTo } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="About Switchyard"
      size="lg"
      returnFocus={false}
      onExitTransitionEnd={() => returnTo.current?.focus()}
    >
      {opened && <About />}
    </Modal>
  );
}

function About() {
  const info = useOperation("console.info", {});
  const [notices, setNotices] = useState(false);
  if (info.isPending) return <LoadingSkeleton rows={4} />;
  if (info.error) return <FailureNotice failure={info.error.toData()} />;
  const { version, builtAt, runtime } = info.data;
  return (
    <Stack gap="sm">
      {builtAt && <AgeNotice builtAt={builtAt} />}
      <Facts
        facts={[
          ["Version", version],
          [
            "Built",
            builtAt && (
              <>
                <ExactTime at={builtAt} /> (<RelativeTime at={builtAt} />)
              </>
            ),
          ],
          ["Electron", runtime.electron],
          ["Chromium", runtime.chromium],
          ["Node.js", runtime.node],
        ]}
      />
      {notices ? (
        <ThirdPartyNotices />
      ) : (
        <Button variant="default" onClick={() => setNotices(true)}>
          Third-party notices
        </Button>
      )}
    </Stack>
  );
}

function AgeNotice({ builtAt }: { builtAt: string }) {
  const now = useNow();
  if (!isOutOfSupport(builtAt, now)) return null;
  return (
    <Notice tone="warn" shape="diamond" title="This build is old">
      The browser inside gets no security fixes any more. Install a newer version.
    </Notice>
  );
}

/** The licences of the works of others; the build puts them beside the page. */
function ThirdPartyNotices() {
  const notices = useQuery({
    queryKey: ["third-party-notices"],
    queryFn: async () => {
      const response = await fetch("/third-party-notices.txt");
      if (!response.ok) throw new Error(`HTTP status ${response.status}`);
      return response.text();
    },
  });
  if (notices.isPending) return <LoadingSkeleton rows={6} />;
  if (notices.error)
    return (
      <Notice tone="bad" shape="cross" title="The notices cannot be read">
        {notices.error.message}
      </Notice>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard
    <section className={classes.notices} tabIndex={0} aria-label="Third-party notices">
      <pre>{notices.data}</pre>
    </section>
  );
}
