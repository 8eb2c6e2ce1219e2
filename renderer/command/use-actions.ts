import { useLocation, useNavigate } from "react-router";
import { pageOfPath, pathTo, selectionOfPath } from "../state/paths.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import { type Action, type ActionRequest, actionsFor, useActionStore } from "./action.ts";

/** The page that is looked at with its connection, as action requests name it. */
export function useActionPlace(): string {
  const { pathname } = useLocation();
  return pathTo(pageOfPath(pathname), selectionOfPath(pathname));
}

/** Begins an action from the page that is looked at: opens its dialog, or goes where it leads. */
export function useBegin() {
  const navigate = useNavigate();
  const where = useActionPlace();
  const { pathname } = useLocation();
  return <Thing>(
    action: Action<Thing>,
    things: readonly Thing[],
    more: Pick<ActionRequest, "value" | "returnTo"> = {},
  ): void => {
    if (action.refusal?.(things) !== undefined) return;
    const target = action.leadsTo?.(things);
    if (target) void navigate(`${pathTo(target.page, selectionOfPath(pathname))}?${target.search}`);
    else useActionStore.getState().ask({ action, things, where, ...more });
  };
}

/** Offers the keys of actions on these things while the component is mounted, under a heading of the list of keys. */
export function useActionKeys<Thing>(
  group: string,
  actions: readonly Action<Thing>[],
  things: readonly Thing[],
): void {
  const begin = useBegin();
  const able = actionsFor(actions, things).filter((action) => action.refusal?.(things) === undefined);
  useShortcuts(
    able.map((action) => ({
      id: action.id,
      label: action.label(things),
      group,
      ...(action.key && { keys: action.key }),
      ...(action.synonyms && { keywords: action.synonyms }),
      run: () => begin(action, things),
    })),
  );
}
