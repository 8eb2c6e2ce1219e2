import { expect, test } from "vitest";
import { lookOf } from "../ui/state-look.ts";
import { resultLook, workloadLook } from "./flux-look.ts";

test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
  "a state called %s has a neutral look of its own",
  (state) => {
    expect(lookOf(state)).toEqual({ tone: "idle", shape: "ring", word: state });
    expect(resultLook(state)).toEqual({ tone: "warn", shape: "question", word: state });
    const workload = { status: state, syncError: "", rollout: undefined };
    expect(workloadLook(workload)).toEqual({ tone: "idle", shape: "ring", word: state });
  },
);
