import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FailureData } from "../../shared/contract/index.ts";
import { useNow } from "../state/clock.ts";
import { EnvironmentBadge } from "./environment-badge.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import { formatCountdown, formatQuantity } from "./format.ts";
import { Notice } from "./notice.tsx";

/** How much a change is guarded: one click, an explicit step, a typed name, or not at all possible. */
export type GuardLevel = "open" | "confirm" | "protected" | "read-only";

/** Where a change would happen. */
export interface GuardedPlace {
  name: string;
  environment: string;
  color: string;
  guard: GuardLevel;
  /** Whose lock it is; absent where there is no connection. */
  connectionId?: string;
  /** Minutes that a typed name unlocks a protected place for; 0 and absent: only for this once. */
  relockMinutes?: number;
  /** The protected place is unlocked until then, and the name is not asked for. */
  unlockedUntil?: string | undefined;
}

/** Whether a typed name unlocks the place for more than what it is typed for. */
export function phraseLasts({ relockMinutes = 0 }: GuardedPlace): boolean {
  return relockMinutes > 0;
}

/** What the person answered; hand it to a command's options. */
export interface GuardAnswer {
  reason?: string;
  confirmed?: { phrase?: string };
}

export interface GuardedActionsProps {
  place: GuardedPlace;
  /** Says exactly what will happen, such as "Scale cart to 120 on 8 hosts". */
  actionLabel: string;
  /** Unless given, "Cancel". */
  cancelLabel?: string;
  destructive?: boolean;
  disabled?: boolean;
  /** Off for what is no activity, because its reason would be kept nowhere. */
  askReason?: boolean;
  pending?: boolean;
  failure?: FailureData | undefined;
  onConfirm: (answer: GuardAnswer) => void;
  onCancel: () => void;
}

/** The end of every dialog that changes something: place, reason, typed name where protected, the two buttons. */
export function GuardedActions(props: GuardedActionsProps) {
  const { place, actionLabel, destructive, disabled, pending, failure, onConfirm, onCancel } = props;
  const { askReason = true } = props;
  const [reason, setReason] = useState("");
  const [phrase, setPhrase] = useState("");
  const now = useNow();
  const unlockedMs = place.unlockedUntil === undefined ? 0 : Date.parse(place.unlockedUntil) - now;
  const locked = place.guard === "protected" && unlockedMs <= 0;
  const readOnly = place.guard === "read-only";
  return (
    <Stack gap="sm" mt="md">
      <Group gap="xs">
        <EnvironmentBadge name={place.environment} color={place.color} />
        <span>{place.name}</span>
      </Group>
      {readOnly && <ReadOnlyNotice name={place.name} />}
      {askReason && !readOnly && <ReasonField value={reason} onChange={setReason} />}
      {locked && <PhraseField place={place} value={phrase} onChange={setPhrase} />}
      {place.guard === "protected" && !locked && (
        <Notice
          slim
          tone="warn"
          shape="bang"
          title={`Unlocked: re-locks in ${formatCountdown(unlockedMs)}`}
        />
      )}
      {failure && <FailureNotice failure={failure} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel} data-autofocus>
          {readOnly ? "Close" : (props.cancelLabel ?? "Cancel")}
        </Button>
        {!readOnly && (
          <Button
            color={destructive ? "red" : "azure"}
            disabled={disabled || (locked && phrase !== place.name)}
            loading={pending ?? false}
            onClick={() => onConfirm(answerOf(locked, reason, phrase))}
          >
            {actionLabel}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function ReadOnlyNotice({ name }: { name: string }) {
  return (
    <Notice tone="warn" shape="forbidden" title={`${name} is read-only`}>
      Nothing can be changed through this connection. Its guard is loosened under Connections, in the desktop
      window only; a console without one is started with <code>--guard</code>.
    </Notice>
  );
}

interface PhraseFieldProps {
  place: GuardedPlace;
  value: string;
  onChange: (phrase: string) => void;
}

function PhraseField({ place, value, onChange }: PhraseFieldProps) {
  const { relockMinutes = 0 } = place;
  const lasting = relockMinutes > 0 && ` Its name unlocks it for ${formatQuantity(relockMinutes, "minute")}.`;
  return (
    <TextInput
      label={`Type ${place.name} to unlock`}
      description={<>This connection is protected.{lasting}</>}
      value={value}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function ReasonField({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  return (
    <Textarea
      label="Reason"
      description="Kept with the activity; optional."
      autosize
      minRows={1}
      maxRows={4}
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The answer in the form that commands take; the press of the button is the confirmation, whatever the guard. */
function answerOf(locked: boolean, reason: string, phrase: string): GuardAnswer {
  const answer: GuardAnswer = { confirmed: locked ? { phrase } : {} };
  const text = reason.trim();
  return text === "" ? answer : { ...answer, reason: text };
}
