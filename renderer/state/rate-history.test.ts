import { expect, test } from "vitest";
import { addSample, type RateHistory } from "./rate-history.ts";

function historyOf(samples: readonly [second: number, rate: number][]): RateHistory | undefined {
  return samples.reduce<RateHistory | undefined>(
    (history, [second, rate]) => addSample(history, second, rate),
    undefined,
  );
}

test("each second counts once, whoever tells it and how often", () => {
  expect(
    historyOf([
      [10, 5],
      [10, 6],
      [11, 7],
      [11, 7],
    ]),
  ).toEqual({ values: [6, 7], second: 11 });
});

test("seconds missed on a busy machine are filled, a longer absence begins anew", () => {
  const late: [number, number][] = [
    [10, 5],
    [13, 8],
  ];
  expect(historyOf(late)?.values).toEqual([5, 5, 5, 8]);
  expect(historyOf([...late, [60, 1]])?.values).toEqual([1]);
});

test("a minute is kept", () => {
  const values = historyOf(Array.from({ length: 100 }, (_, at) => [at, at]))?.values;
  expect([values?.length, values?.[0], values?.at(-1)]).toEqual([60, 40, 99]);
});
