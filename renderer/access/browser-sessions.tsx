import { Button, Group, Select } from "@mantine/core";
import { useState } from "react";
import type { BrowserSession } from "../../shared/console/access-schema.ts";
import type { Scope } from "../../shared/contract/index.ts";
import { signOut } from "../client/browser-session.ts";
import { refreshOperations, useCommand, useOperation } from "../client/query.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import table from "../ui/plain-table.module.css";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./access.module.css";
import { scopeChoices, scopeText } from "./scopes.ts";

/** The browsers that are signed in, the end of each, and the way in for another one. */
export function BrowserSessions() {
  const list = useOperation("console.sessions.list", {});
  const close = useCommand("console.sessions.close");
  const end = ({ id, own }: BrowserSession) => {
    if (own) return void signOut();
    return void close.run({ sessionId: id }).then(
      () => refreshOperations("console.sessions.list"),
      () => undefined,
    );
  };
  return (
    <section className={classes.section} aria-label="Browser sessions">
      <h3>Browser sessions</h3>
      <p>Each ends after an hour without use, after twelve hours in any case, or here.</p>
      {list.isPending && <LoadingSkeleton rows={2} />}
      {list.error && <FailureNotice slim failure={list.error.toData()} />}
      {list.data?.length === 0 && <p>No browser is signed in.</p>}
      {list.data && list.data.length > 0 && (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Browser</th>
              <th scope="col">Session</th>
              <th scope="col">May</th>
              <th scope="col">Link by</th>
              <th scope="col">Last used</th>
              <th scope="col" aria-label="Sign out" />
            </tr>
          </thead>
          <tbody>
            {list.data.map((session) => (
              <SessionRow key={session.id} session={session} pending={close.pending} onEnd={end} />
            ))}
          </tbody>
        </table>
      )}
      {close.failure && <FailureNotice slim failure={close.failure} />}
      <SignInLink />
    </section>
  );
}

interface SessionRowProps {
  session: BrowserSession;
  pending: boolean;
  onEnd: (session: BrowserSession) => void;
}

function SessionRow({ session, pending, onEnd }: SessionRowProps) {
  const { id, browser, scope, madeBy, lastUsedAt, own } = session;
  return (
    <tr>
      <td>
        {browser}
        {own && " (this one)"}
      </td>
      <td className="mono">{id}</td>
      <td>{scopeText[scope]}</td>
      <td>{madeBy}</td>
      <td>
        <RelativeTime at={lastUsedAt} />
      </td>
      <td>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Sign out session ${id}`}
          disabled={pending}
          onClick={() => onEnd(session)}
        >
          Sign out
        </Button>
      </td>
    </tr>
  );
}

function SignInLink() {
  const invite = useCommand("console.sessions.invite");
  const [scope, setScope] = useState<Scope>("change");
  const [address, setAddress] = useState<string>();
  const make = () =>
    void invite.run({ scope }).then(
      (made) => setAddress(made.address),
      () => undefined,
    );
  return (
    <>
      <Group gap="xs" align="end">
        <Select
          label="Another browser may"
          w={170}
          allowDeselect={false}
          data={scopeChoices}
          value={scope}
          onChange={(chosen) => setScope(chosen === "read" ? "read" : "change")}
        />
        <Button variant="default" loading={invite.pending} onClick={make}>
          Make a sign-in link
        </Button>
      </Group>
      {invite.failure && <FailureNotice slim failure={invite.failure} />}
      {address && (
        <Notice
          role="status"
          tone="warn"
          shape="question"
          title="Signs one browser in, once, within five minutes"
        >
          <div className={classes.secret}>
            <code>{address}</code> <CopyButton copied={{ line: address }} label="Copy the link" />
          </div>
        </Notice>
      )}
    </>
  );
}
