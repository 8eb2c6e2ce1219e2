import type { JobRow } from "../../shared/forge/job-schema.ts";
import type { JobStatus } from "../../shared/forge/schema.ts";
import type { StateLook } from "../ui/state-look.ts";

const looks: Readonly<Record<JobStatus, StateLook>> = {
  pending: { tone: "flight", shape: "ring", word: "pending" },
  in_progress: { tone: "flight", shape: "half", word: "running" },
  done: { tone: "good", shape: "check", word: "done" },
  failed: { tone: "warn", shape: "arrows", word: "failed, retries" },
  dead: { tone: "bad", shape: "cross", word: "dead" },
};

/** How a job stands. */
export function jobLook({ status }: Pick<JobRow, "status">): StateLook {
  return looks[status];
}
