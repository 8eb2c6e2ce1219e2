import { connectionsOperations } from "../../shared/connections/operations.ts";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import type { FailureData, GuardedChange } from "../../shared/contract/index.ts";
import { useGuardedPlace } from "../command/use-guarded-place.ts";
import { Confirm } from "../ui/confirm.tsx";
import type { GuardAnswer } from "../ui/guarded-actions.tsx";
import type { SaveInput } from "./connection-form.ts";

/** A save that changes a guard, or what is guarded. */
export interface GuardedSave {
  input: SaveInput;
  change: GuardedChange;
}

const { input: schema, guarded } = connectionsOperations["connections.save"];

/** What a save would change of a guard; undefined where it needs no confirmation. */
export function guardedSaveOf(
  input: SaveInput,
  profiles: readonly ConnectionProfile[],
): GuardedChange | undefined {
  const change = guarded?.(schema.parse(input), profiles);
  return change?.connection.guard === "open" ? undefined : change;
}

interface ConfirmSaveProps extends GuardedSave {
  pending: boolean;
  failure: FailureData | undefined;
  onConfirm: (answer: GuardAnswer) => void;
  onCancel: () => void;
}

/** Asks, under the guard as it is now, before a guard is loosened or a guarded connection led elsewhere. */
export function ConfirmSave({ change, ...rest }: ConfirmSaveProps) {
  const { title, mayLiftReadOnly = false } = change;
  const place = useGuardedPlace(change.connection as ConnectionProfile, { mayLiftReadOnly });
  return (
    <Confirm opened title="Change a guarded connection" place={place} actionLabel="Save changes" {...rest}>
      {title}. The change is kept in Activity.
    </Confirm>
  );
}
