/** Work that can be laid down between its steps; each `yield` is a place to let a frame through. */
export type Sliced<Result> = Generator<void, Result, void>;

const chunk = 1_024;

/** Sorts in steps of about a millisecond: short runs natively, then merged; stable, and the input is left alone. */
export function* slicedSort<Item>(
  items: readonly Item[],
  compare: (left: Item, right: Item) => number,
): Sliced<Item[]> {
  let runs: Item[][] = [];
  for (let start = 0; start < items.length; start += chunk) {
    runs.push(items.slice(start, start + chunk).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const left = runs[index] as Item[];
      const right = runs[index + 1];
      merged.push(right ? yield* slicedMerge(left, right, compare) : left);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

/** Merges two sorted lists in steps; of equal items those of `left` come first. */
export function* slicedMerge<Item>(
  left: readonly Item[],
  right: readonly Item[],
  compare: (left: Item, right: Item) => number,
): Sliced<Item[]> {
  const result: Item[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    if (result.length % chunk === chunk - 1) yield;
    const takeLeft = compare(left[l] as Item, right[r] as Item) <= 0;
    result.push((takeLeft ? left[l++] : right[r++]) as Item);
  }
  for (; l < left.length; l++) result.push(left[l] as Item);
  for (; r < right.length; r++) result.push(right[r] as Item);
  return result;
}

/** Runs sliced work to its end without a pause; for tests and for small sets. */
export function finish<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
