import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import type { StateLook } from "../ui/state-look.ts";

const levels: Record<ExecutionRow["diagnosis"]["level"], Pick<StateLook, "tone" | "shape">> = {
  fine: { tone: "good", shape: "check" },
  waiting: { tone: "flight", shape: "clock" },
  stuck: { tone: "bad", shape: "bang" },
  over: { tone: "idle", shape: "square" },
};

/** How an execution stands; a stuck one is called active by the server, and stuck here. */
export function executionLook({ diagnosis, state }: ExecutionRow): StateLook {
  return { ...levels[diagnosis.level], word: diagnosis.level === "stuck" ? "stuck" : state.publicState };
}
