import type { Box } from "./layout.ts";

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

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
