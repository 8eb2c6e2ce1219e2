import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BulkJob, planBulk } from "./job-bulk.ts";

const job: fc.Arbitrary<BulkJob> = fc.record({
  id: fc.uuid(),
  status: fc.constantFrom("pending", "in_progress", "done", "failed", "dead"),
  queueName: fc.constant("q"),
});

describe("a command on many jobs", () => {
  it("begins with one job alone, and then takes every other one once", () => {
    fc.assert(
      fc.property(fc.uniqueArray(job, { maxLength: 350, selector: ({ id }) => id }), (jobs) => {
        const { batches, count } = planBulk("retry", jobs);
        const ids = batches.flat();
        const wanted = jobs
          .filter(({ status }) => status === "failed" || status === "dead")
          .map(({ id }) => id);
        expect(ids).toEqual(wanted);
        expect(count).toBe(wanted.length);
        if (count > 0) expect(batches[0]).toHaveLength(1);
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(100);
      }),
    );
  });

  it("leaves out what would run twice or be skipped, and says how many", () => {
    const jobs = (["in_progress", "done", "pending", "dead"] as const).map((status, index) => ({
      id: String(index),
      status,
      queueName: "q",
    }));
    expect(planBulk("retry", jobs)).toEqual({
      batches: [["3"]],
      count: 1,
      byStatus: { dead: 1 },
      skipped: { in_progress: 1, done: 1, pending: 1 },
    });
    expect(planBulk("delete", jobs).count).toBe(4);
  });
});
