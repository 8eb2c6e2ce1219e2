import { Button } from "@mantine/core";
import { useState } from "react";
import { imageTag, sameImage } from "../../shared/flux/image-reference.ts";
import type { FluxContainerImages, FluxImage } from "../../shared/flux/schema.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./flux.module.css";

interface ImageListProps {
  images: FluxContainerImages;
  onRelease?: ((image: string) => void) | undefined;
}

/** As many as fluxctl shows at first. */
const atFirst = 10;

/** The tags of one container's image, newest first; what runs is marked, also where the registry does not know it. */
export function ImageList({ images, onRelease }: ImageListProps) {
  const [all, setAll] = useState(false);
  const { available, running } = images;
  if (available.length === 0)
    return <p className={classes.hint}>{images.availableError ?? "image data not available"}</p>;
  const known = available.some(({ reference }) => sameImage(reference, running));
  return (
    <>
      {images.availableError && <p className={classes.hint}>{images.availableError}</p>}
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Tag</th>
            <th>Created</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {!known && running !== "" && (
            <tr>
              <td className={classes.mono}>{imageTag(running) || "(untagged)"} ?</td>
              <td className={classes.hint}>runs, but the registry does not list it</td>
              <td />
            </tr>
          )}
          {(all ? available : available.slice(0, atFirst)).map((image) => (
            <ImageRow
              key={image.reference}
              image={image}
              runs={sameImage(image.reference, running)}
              passes={image.reference === images.latestFiltered.reference}
              onRelease={onRelease}
            />
          ))}
        </tbody>
      </table>
      {available.length > atFirst && (
        <button type="button" className={classes.link} onClick={() => setAll(!all)}>
          {all ? "Show the newest only" : `Show all ${available.length}`}
        </button>
      )}
    </>
  );
}

interface ImageRowProps {
  image: FluxImage;
  runs: boolean;
  /** It is the newest that the filter lets pass. */
  passes: boolean;
  onRelease: ImageListProps["onRelease"];
}

function ImageRow({ image, runs, passes, onRelease }: ImageRowProps) {
  const { reference, createdAt } = image;
  const tagOnly = reference.startsWith(":");
  return (
    <tr>
      <td className={classes.mono}>
        {imageTag(reference)} {runs && <span className={classes.chip}>runs</span>}
        {passes && !runs && <span className={classes.chip}>newest by filter</span>}
      </td>
      <td>
        {createdAt && <RelativeTime at={createdAt} />}
        {tagOnly && <span className={classes.hint}>tag only, no metadata</span>}
      </td>
      <td style={{ textAlign: "end" }}>
        {onRelease && !runs && !tagOnly && reference !== "" && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Release ${reference}`}
            onClick={() => onRelease(reference)}
          >
            Release…
          </Button>
        )}
      </td>
    </tr>
  );
}
