import type { ReactFlowInstance, Viewport } from "@xyflow/react";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import type { FlowNode, LinkEdge } from "./flow-elements.ts";
import type { Box } from "./layout.ts";

type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

const steps: Record<Direction, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Whether a key moves in the graph. */
export function isDirection(key: string): key is Direction {
  return Object.hasOwn(steps, key);
}

/** The nearest box in a direction from another one, by their centres; what lies aside counts as farther. */
export function nearestTo(
  boxes: ReadonlyMap<string, Box>,
  from: string,
  direction: Direction,
): string | undefined {
  const start = boxes.get(from);
  if (!start) return undefined;
  const step = steps[direction];
  let nearest: { key: string; distance: number } | undefined;
  for (const [key, box] of boxes) {
    if (key === from) continue;
    const dx = box.x + box.width / 2 - (start.x + start.width / 2);
    const dy = box.y + box.height / 2 - (start.y + start.height / 2);
    const along = dx * step.x + dy * step.y;
    const aside = Math.abs(dx * step.y) + Math.abs(dy * step.x);
    if (along <= 0 || aside > along * 2.5) continue;
    const distance = along + aside * 2;
    if (!nearest || distance < nearest.distance) nearest = { key, distance };
  }
  return nearest?.key;
}

/** Below it texts cannot be read, and a thousand of them take long to draw. */
const legibleZoom = 0.4;
/** At which something is looked at that was out of sight. */
const lookingZoom = 0.5;
const fitting = { padding: 0.06, maxZoom: 1.25 };

/** What part of the graph is seen: all of it, until the person chooses a part; then that, whatever comes and goes. */
export function useFlowView(area: RefObject<HTMLElement | null>, nodeCount: number) {
  const instance = useRef<ReactFlowInstance<FlowNode, LinkEdge>>(undefined);
  const moved = useRef(false);
  // What is new may stand outside.
  useEffect(() => {
    if (nodeCount > 0 && !moved.current) void instance.current?.fitView(fitting);
  }, [nodeCount]);
  return useMemo(() => {
    const flowProps = {
      fitView: true,
      fitViewOptions: fitting,
      onInit: (made: ReactFlowInstance<FlowNode, LinkEdge>) => {
        instance.current = made;
      },
      onMove: (_event: unknown, { zoom }: Viewport) => {
        area.current?.toggleAttribute("data-far", zoom < legibleZoom);
      },
      onMoveStart: (event: unknown) => {
        if (event) moved.current = true;
      },
    };
    return {
      flowProps,
      fit: () => {
        moved.current = false;
        void instance.current?.fitView(fitting);
      },
      zoomIn: () => void instance.current?.zoomIn(),
      zoomOut: () => void instance.current?.zoomOut(),
      show: (box: Box) => {
        const flow = instance.current;
        const frame = area.current?.getBoundingClientRect();
        if (!flow || !frame || isSeen(flow, frame, box)) return;
        const zoom = Math.max(flow.getZoom(), lookingZoom);
        void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom });
      },
    };
  }, [area]);
}

function isSeen(flow: ReactFlowInstance<FlowNode, LinkEdge>, frame: DOMRect, box: Box): boolean {
  const from = flow.flowToScreenPosition({ x: box.x, y: box.y });
  const to = flow.flowToScreenPosition({ x: box.x + box.width, y: box.y + box.height });
  const inside = from.x >= frame.left && to.x <= frame.right && from.y >= frame.top && to.y <= frame.bottom;
  return inside && flow.getZoom() >= legibleZoom;
}
