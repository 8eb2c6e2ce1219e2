import { TextInput } from "@mantine/core";
import classes from "./flux.module.css";
import type { CauseState } from "./use-cause.ts";

/** Who asks for the commit, and its message. */
export function CauseFields({
  cause,
  messageLabel = "Commit message",
}: {
  cause: CauseState;
  messageLabel?: string;
}) {
  return (
    <div className={classes.row}>
      <TextInput
        label="You"
        description="Name <email>, or nothing for the daemon's own; remembered on this machine"
        placeholder="Ines Okafor <ines@example.com>"
        maxLength={200}
        error={cause.problem}
        value={cause.user}
        onChange={(event) => cause.setUser(event.currentTarget.value)}
      />
      <TextInput
        label={messageLabel}
        description="Optional; without it the daemon writes one"
        maxLength={500}
        value={cause.message}
        onChange={(event) => cause.setMessage(event.currentTarget.value)}
      />
    </div>
  );
}
