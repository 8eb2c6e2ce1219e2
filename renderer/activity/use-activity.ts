import type { Activity, FailureData } from "../../shared/contract/index.ts";
import { useOperation } from "../client/query.ts";
import { useTopicRow } from "../client/use-topic.ts";

/** One activity, live where the live topic holds it and else from the log; `known` is what the caller has of it. */
export function useActivity(
  activityId: string,
  known?: Activity,
): { activity: Activity | undefined; failure: FailureData | undefined } {
  const live = useTopicRow("activity", {}, activityId);
  const held = live ?? known;
  const logged = useOperation("activity.get", { activityId }, { enabled: held === undefined });
  return { activity: held ?? logged.data?.activity, failure: logged.error?.toData() };
}
