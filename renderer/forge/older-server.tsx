import { levelText } from "../../shared/forge/level.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { useLevel } from "./use-level.ts";

/** Stands where a page would be for which the server is too old. */
export function OlderServer(props: { title: string; since: string; instead: string }) {
  const level = useLevel();
  const version = level ? ` (forge-jobs ${levelText(level)})` : "";
  return (
    <EmptyState
      title={props.title}
      text={`The routes for it came with forge-jobs ${props.since}; this server${version} has none. ${props.instead}`}
    />
  );
}
