import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type AccessToken, fileToken } from "../../shared/console/access-schema.ts";
import type { Scope } from "../../shared/contract/index.ts";
import { refreshOperations, useCommand, useOperation } from "../client/query.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import table from "../ui/plain-table.module.css";
import { RelativeTime } from "../ui/relative-time.tsx";
import classes from "./access.module.css";
import { scopeChoices, scopeText } from "./scopes.ts";

/** The tokens of the HTTP interface: who holds one, what it may do, and its end. */
export function AccessTokens() {
  const list = useOperation("console.tokens.list", {});
  const revoke = useCommand("console.tokens.revoke");
  const end = (tokenId: string) =>
    void revoke.run({ tokenId }).then(
      () => refreshOperations("console.tokens.list", "console.sessions.list"),
      () => refreshOperations("console.tokens.list"),
    );
  return (
    <section className={classes.section} aria-label="Tokens">
      <h3>Tokens</h3>
      <p>Activities carry the name of the token that they were made with.</p>
      {list.isPending && <LoadingSkeleton rows={2} />}
      {list.error && <FailureNotice slim failure={list.error.toData()} />}
      {list.data && list.data.length > 0 && (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">May</th>
              <th scope="col">Last used</th>
              <th scope="col">Ends</th>
              <th scope="col" aria-label="Revoke" />
            </tr>
          </thead>
          <tbody>
            {list.data.map((token) => (
              <TokenRow key={token.id} token={token} pending={revoke.pending} onRevoke={end} />
            ))}
          </tbody>
        </table>
      )}
      {revoke.failure && <FailureNotice slim failure={revoke.failure} />}
      <NewToken />
    </section>
  );
}

interface TokenRowProps {
  token: AccessToken;
  pending: boolean;
  onRevoke: (tokenId: string) => void;
}

function TokenRow({ token, pending, onRevoke }: TokenRowProps) {
  const { id, name, scope, lastUsedAt, expiresAt } = token;
  return (
    <tr>
      <td>{name}</td>
      <td>{scopeText[scope]}</td>
      <td>{lastUsedAt ? <RelativeTime at={lastUsedAt} /> : "never"}</td>
      <td>
        {expiresAt ? <RelativeTime at={expiresAt} future={Date.parse(expiresAt) > Date.now()} /> : "never"}
      </td>
      <td>
        {id !== fileToken.id && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Revoke ${name}`}
            disabled={pending}
            onClick={() => onRevoke(id)}
          >
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}

function NewToken() {
  const create = useCommand("console.tokens.create");
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const [days, setDays] = useState<number | string>("");
  const [made, setMade] = useState<{ name: string; token: string }>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expiresInDays = Number(days) || undefined;
    void create.run({ name, scope, ...(expiresInDays ? { expiresInDays } : {}) }).then(
      (token) => {
        setMade(token);
        setName("");
        return refreshOperations("console.tokens.list");
      },
      () => undefined,
    );
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        className={classes.field ?? ""}
        label="Name of a new token"
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="May"
        w={150}
        allowDeselect={false}
        data={scopeChoices}
        value={scope}
        onChange={(chosen) => setScope(chosen === "change" ? "change" : "read")}
      />
      <NumberInput label="Days" w={80} min={1} max={3_650} value={days} onChange={setDays} />
      <Button type="submit" variant="default" loading={create.pending} disabled={name.trim() === ""}>
        Make token
      </Button>
      {create.failure && (
        <div className={classes.problem}>
          <FailureNotice slim failure={create.failure} />
        </div>
      )}
      {made && (
        <div className={classes.problem}>
          <Notice role="status" tone="warn" shape="question" title={`The token ${made.name}, shown only now`}>
            <div className={classes.secret}>
              <code>{made.token}</code> <CopyButton copied={{ line: made.token }} label="Copy the token" />
            </div>
          </Notice>
        </div>
      )}
    </form>
  );
}
