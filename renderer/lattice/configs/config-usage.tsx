import type { ConfigUsage } from "../../../shared/lattice/config-operations.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { PageLink, WorkloadLink } from "../entity-links.tsx";
import { linkKey, witOf } from "../links/link-views.ts";
import classes from "./configs.module.css";

const outcomeOpen = ", which may use it: the outcome of its command is open";

/**
 * Who uses a config: links that name it, workloads that we started with it, and that there may be others. In a
 * dialog it is plain text, because a link would lead away from what is written there.
 */
export function ConfigUsageList({ usage, plain = false }: { usage: ConfigUsage; plain?: boolean }) {
  const { links, workloads, note } = usage;
  return (
    <>
      <ul className={classes.users} aria-label="Users">
        {links.map(({ link, side, possible }) => (
          <li key={`${side} ${linkKey(link)}`}>
            <span>link, {side}</span>
            <span>
              {plain ? (
                <span className="mono">{ends(link)}</span>
              ) : (
                <PageLink page="links" query={`open=${encodeURIComponent(linkKey(link))}`}>
                  {ends(link)}
                </PageLink>
              )}{" "}
              {witOf(link)}
              {possible && outcomeOpen}
            </span>
          </li>
        ))}
        {workloads.map(({ kind, id, hostId, hostName, running, possible }) => (
          <li key={`${hostId}/${kind}/${id}`}>
            <span>{kind}</span>
            <span>
              {plain ? <span className="mono">{id}</span> : <WorkloadLink kind={kind} id={id} />} on{" "}
              {hostName}
              {running ? "" : ", not running now"}
              {possible && outcomeOpen}
            </span>
          </li>
        ))}
      </ul>
      {links.length + workloads.length === 0 && (
        <p>No link names it, and this console started nothing with it.</p>
      )}
      <p className={classes.hint}>{note}</p>
    </>
  );
}

function ends({ sourceId, target }: LinkRow): string {
  return `${sourceId} → ${target}`;
}

/** `2 links and 1 component`, or undefined where no user is known; those that may use it are told apart. */
export function usersText(usage: ConfigUsage): string | undefined {
  const certain = countsText(usage, false);
  const possible = countsText(usage, true);
  if (possible === undefined) return certain;
  return certain === undefined ? `possibly ${possible}` : `${certain}, and possibly ${possible}`;
}

/** `It is in use: 2 links`, or undefined where no user is known. */
export function inUseText(usage: ConfigUsage): string | undefined {
  const users = usersText(usage);
  return (
    users &&
    (countsText(usage, false) === undefined ? `It may be in use: ${users}` : `It is in use: ${users}`)
  );
}

function countsText({ links, workloads }: ConfigUsage, possible: boolean): string | undefined {
  const isMeant = (user: { possible?: boolean | undefined }): boolean =>
    (user.possible ?? false) === possible;
  const meant = workloads.filter(isMeant);
  const counts = [
    [links.filter(isMeant).length, "link"],
    [meant.filter(({ kind }) => kind === "component").length, "component"],
    [meant.filter(({ kind }) => kind === "provider").length, "provider"],
  ] as const;
  const parts = counts.flatMap(([count, noun]) =>
    count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : "s"}`],
  );
  return parts.length === 0 ? undefined : parts.join(" and ");
}
