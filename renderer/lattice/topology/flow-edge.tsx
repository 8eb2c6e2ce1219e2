import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import type { LinkEdge } from "./flow-elements.ts";
import classes from "./topology.module.css";

/** A link as a thin curve; its interface is shown while it, or one of its ends, is looked at. */
export const LinkCurve = memo(function LinkCurve(props: EdgeProps<LinkEdge>) {
  const { data } = props;
  const [path, labelX, labelY] = getBezierPath(props);
  const state = data?.lit ? "lit" : data?.dimmed ? "dimmed" : undefined;
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={12}
        className={classes.link ?? ""}
        {...{ "data-state": state, "data-broken": data?.broken ? true : undefined }}
      />
      {data?.labelled && (
        <EdgeLabelRenderer>
          <span
            className={classes.linkText}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {data.text}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
