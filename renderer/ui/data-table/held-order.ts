import { formatCount } from "../format.ts";

/** How far the order on screen is behind the order that the data now has. */
export interface OrderDrift {
  moved: number;
  added: number;
  removed: number;
}

/** Compares the shown order with the present one; `moved` is the least number of rows that would have to move. */
export function orderDrift(shown: readonly string[], present: readonly string[]): OrderDrift {
  const place = new Map(present.map((key, index) => [key, index]));
  const places: number[] = [];
  for (const key of shown) {
    const index = place.get(key);
    if (index !== undefined) places.push(index);
  }
  return {
    moved: places.length - longestRising(places),
    added: present.length - places.length,
    removed: shown.length - places.length,
  };
}

/** Length of the longest rising subsequence, in O(n log n). */
function longestRising(values: readonly number[]): number {
  const ends: number[] = [];
  for (const value of values) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    ends[low] = value;
  }
  return ends.length;
}

/** The mark beside the count, such as "order paused · 12 moved · 3 new"; undefined while nothing is behind. */
export function driftText({ moved, added, removed }: OrderDrift): string | undefined {
  const parts = [
    moved > 0 && `${formatCount(moved)} moved`,
    added > 0 && `${formatCount(added)} new`,
    removed > 0 && `${formatCount(removed)} gone`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? `order paused · ${parts.join(" · ")}` : undefined;
}
