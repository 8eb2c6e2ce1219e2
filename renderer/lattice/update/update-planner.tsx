import { Autocomplete, Checkbox, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ComponentRow, ScalePreview } from "../../../shared/lattice/schema.ts";
import { useTopic } from "../../client/use-topic.ts";
import { useSelection } from "../../state/selection.ts";
import { MapEditor } from "../../ui/map-editor.tsx";
import { entriesOf, type MapEntry } from "../../ui/map-entries.ts";
import { ConfigOrder } from "../scale/config-order.tsx";
import { configUnknowable } from "../scale/preview-groups.ts";
import { PreviewGroups, PreviewWarnings } from "../scale/preview-list.tsx";
import type { Previews } from "../use-previews.ts";
import classes from "./update.module.css";

/** How a component gets another image: only a stop and start changes the code that answers (wasmcloud-control §2.7). */
export type UpdateWay = "update" | "restart";

export interface UpdatePlan {
  way: UpdateWay;
  imageReference: string;
  /** Undefined: those that run are sent again. */
  annotations: MapEntry[] | undefined;
  /** Names of its configs, where nothing tells them; undefined: as known, or none. */
  config: readonly string[] | undefined;
}

const ways: { value: UpdateWay; label: string }[] = [
  { value: "update", label: "Update" },
  { value: "restart", label: "Stop and start" },
];

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
  const restarts = plan.way === "restart";
  const asksConfig = restarts && (plan.config !== undefined || configUnknowable(previews.previews));
  return (
    <>
      <div className={classes.fields}>
        <SegmentedControl
          aria-label="How it gets the image"
          data={ways}
          value={plan.way}
          onChange={(way) => onPlan({ ...plan, way: way as UpdateWay })}
        />
        <Autocomplete
          size="xs"
          label={restarts ? "Image reference" : "New image reference"}
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
          label="Change annotations"
          description="Otherwise the current ones are kept."
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
        {asksConfig && (
          <ConfigOrder config={plan.config} onConfig={(config) => onPlan({ ...plan, config })} />
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
