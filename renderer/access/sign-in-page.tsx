import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { FailureData } from "../../shared/contract/index.ts";
import { oneTimeTokenIn, signIn, whySignedOut } from "../client/browser-session.ts";
import { type CommandWords, scriptOf } from "../command/shells/command-line.ts";
import { useShell } from "../command/shells/use-shell.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Notice } from "../ui/notice.tsx";
import classes from "./access.module.css";

/** What a browser shows that is not (or no longer) signed in; afterwards it shows the page that its address names. */
export function SignInPage({ failure }: { failure?: FailureData | undefined }) {
  const reason = whySignedOut();
  const { shell } = useShell();
  const command = scriptOf([linkCommand(window.location.origin)], shell);
  return (
    <main className={classes.page}>
      <title>Sign in · Switchyard</title>
      <h1>Sign in to Switchyard</h1>
      {reason && !failure && (
        <Notice role="status" tone="warn" shape="forbidden" title={reason}>
          After signing in, this tab shows the same page again.
        </Notice>
      )}
      <p>A browser is signed in by a link that works once, within five minutes. Get one:</p>
      <ul>
        <li>From the terminal that the console was started in, which shows one.</li>
        <li>
          In the window of the desktop application, or in a browser that is signed in: <b>View settings</b>,{" "}
          <b>HTTP interface…</b>, <b>Make a sign-in link</b>.
        </li>
        <li>
          With the console's token file:
          <div className={classes.command}>
            <code>{command}</code> <CopyButton copied={{ text: command }} label="Copy the command" />
          </div>
        </li>
      </ul>
      <SignInForm failure={failure} />
    </main>
  );
}

/** Has a sign-in link made. */
function linkCommand(origin: string): CommandWords {
  return { bearer: true, rows: [["curl", "-sX", "POST"], [`${origin}/api/console/sign-in-links`]] };
}

function SignInForm(props: { failure?: FailureData | undefined }) {
  const [text, setText] = useState("");
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState(props.failure);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setFailure(await signIn(oneTimeTokenIn(text) ?? text.trim()));
    setPending(false);
  };
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)}>
      <TextInput
        className={classes.field ?? ""}
        label="Sign-in link or one-time token"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant="filled" loading={pending} disabled={text.trim() === ""}>
        Sign in
      </Button>
      {failure && (
        <div className={classes.problem}>
          <FailureNotice failure={failure} />
        </div>
      )}
    </form>
  );
}
