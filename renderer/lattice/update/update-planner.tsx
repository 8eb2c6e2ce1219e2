import { Autocomplete, Checkbox } from "@mantine/core";
import { useState } from "react";
import type { ComponentRow, ScalePreview } from "../../../shared/lattice/schema.ts";
import { useTopic } from "../../client/use-topic.ts";
import { useSelection } from "../../state/selection.ts";
import { MapEditor } from "../../ui/map-editor.tsx";
import { entriesOf, type MapEntry } from "../../ui/map-entries.ts";
import { PreviewGroups, PreviewWarnings } from "../scale/preview-list.tsx";
import type { Previews } from "../use-previews.ts";
import classes from "./update.module.css";

export interface UpdatePlan {
  imageReference: string;
  /** Undefined: those that run are sent again. */
  annotations: MapEntry[] | undefined;
}

interface UpdatePlannerProps {
  hosts: readonly ComponentRow[];
  plan: UpdatePlan;
  previews: Previews<ScalePreview>;
  onPlan: (plan: UpdatePlan) => void;
}

/** The new image, other annotations where they are wanted, and what that does to each host. */
export function UpdatePlanner({ hosts, plan, previews, onPlan }: UpdatePlannerProps) {
  const images = useImages();
  const annotations = hosts[0]?.annotations ?? {};
  return (
    <>
      <div className={classes.fields}>
        <Autocomplete
          size="xs"
          label="New image reference"
          required
          data-autofocus
          data={images}
          limit={8}
          openOnFocus={false}
          comboboxProps={{ withinPortal: true }}
          spellCheck={false}
          value={plan.imageReference}
          onChange={(imageReference) => onPlan({ ...plan, imageReference })}
        />
        <Checkbox
          label="Give it other annotations"
          description="An update replaces them; unless you write others, those that run are sent again."
          checked={plan.annotations !== undefined}
          onChange={(event) =>
            onPlan({
              ...plan,
              annotations: event.currentTarget.checked ? entriesOf(annotations) : undefined,
            })
          }
        />
        {plan.annotations && (
          <MapEditor
            label="Annotations"
            noun="annotation"
            entries={plan.annotations}
            onChange={(entries) => onPlan({ ...plan, annotations: entries })}
          />
        )}
      </div>
      <PreviewWarnings previews={previews} />
      {(plan.imageReference.trim() !== "" || previews.previews.length > 0) && (
        <PreviewGroups previews={previews} of={hosts.length} />
      )}
    </>
  );
}

/** References that components of the lattice have, as they were when the dialog opened. */
function useImages(): string[] {
  const { connectionId, lattice } = useSelection();
  const { rows } = useTopic("lattice.components", { connectionId, lattice });
  const [images] = useState(() => [...new Set(rows.map((row) => row.imageReference))].sort());
  return images;
}
