import { Button } from "@mantine/core";
import { useState } from "react";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { PartialNotice } from "../ui/partial-notice.tsx";
import { AvailableImages } from "./available-images.tsx";
import classes from "./flux.module.css";
import { awaitedWords, notListening } from "./flux-words.ts";
import { imageColumns } from "./image-columns.tsx";
import { ReleaseDialog } from "./release-dialog.tsx";
import { type ImagesView, imagesViewKey, useImages } from "./use-daemon-lists.ts";
import { useDaemon } from "./use-daemons.ts";

/** What each container runs, and what its registry offers. */
export function ImagesPage() {
  const { connectionId, isOpen } = useSystem("flux");
  const images = useImages();
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const open = images.rows.find((row) => imagesViewKey(row) === openKey);
  const newer = images.rows.filter(({ counts }) => counts.newFiltered > 0).length;
  return (
    <Page
      title="Images"
      counts={
        isOpen &&
        `${formatQuantity(images.rows.length, "container")} · ${newer} with newer images${awaitedWords(images.awaited)}`
      }
      notices={<PartialNotice missing={images.missing} total={images.asked} what="daemons" />}
      drawer={
        open && <ImageDrawer key={openKey} row={open} onClose={() => setOpenKey(undefined)} onStep={step} />
      }
    >
      <DataTable
        key={connectionId}
        id="images"
        rows={images.rows}
        rowKey={imagesViewKey}
        columns={imageColumns}
        phase={images.phase}
        empty={
          isOpen
            ? {
                title: "No images are known",
                text: "Each daemon lists the images of its workloads as soon as it is connected and has scanned their registries.",
              }
            : notListening
        }
        onOpen={(row) => setOpenKey(imagesViewKey(row))}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
    </Page>
  );
}

interface ImageDrawerProps {
  row: ImagesView;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

function ImageDrawer({ row, onClose, onStep }: ImageDrawerProps) {
  const daemon = useDaemon(row.daemonId);
  const [releasing, setReleasing] = useState<{ image: string | undefined }>();
  const { counts } = row;
  const target = {
    daemonId: row.daemonId,
    daemonName: row.daemonName,
    protocol: daemon?.protocol ?? 0,
    workloads: [row.workloadId],
  };
  return (
    <Drawer
      title={row.container}
      subtitle={<span className={classes.mono}>{row.workloadId}</span>}
      onClose={onClose}
      onStep={onStep}
      actions={<Button onClick={() => setReleasing({ image: undefined })}>Release the newest…</Button>}
    >
      <DrawerSection title="Facts">
        <Facts
          facts={[
            ["Runs", <code key="runs">{row.running}</code>],
            ["Filter", <code key="pattern">{row.pattern}</code>],
            ["Tags", `${counts.available}, ${counts.newAvailable} newer than what runs`],
            ["By filter", `${counts.filtered}, ${counts.newFiltered} newer than what runs`],
            ["Digest", row.current.digest && <code>{row.current.digest}</code>],
          ]}
        />
      </DrawerSection>
      <AvailableImages
        workload={{ id: row.workloadId, daemonId: row.daemonId }}
        container={row.container}
        onRelease={(image) => setReleasing({ image })}
      />
      {releasing && (
        <ReleaseDialog targets={[target]} image={releasing.image} onClose={() => setReleasing(undefined)} />
      )}
    </Drawer>
  );
}
