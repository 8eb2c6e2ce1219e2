import { useEffect, useRef } from "react";
import { refreshOperations } from "../client/query.ts";
import { type ActionRequest, useActionStore } from "./action.ts";
import { useActionPlace } from "./use-actions.ts";

/**
 * Ends the dialog that was shown on a page or connection that is left, so that what was planned there is neither sent
 * elsewhere nor comes up again on the way back. One that is asked for as its page is being reached waits for it.
 */
export function LeftActions() {
  const { request, close } = useActionStore();
  const here = useActionPlace();
  const shown = useRef<ActionRequest>(undefined);
  useEffect(() => {
    if (request?.where === here) shown.current = request;
    else if (request && request === shown.current) close(request);
  }, [request, here, close]);
  return null;
}

/** The dialog of the action that was asked for, on the page with the connection that it was asked for on. */
export function ActionDialog() {
  const { request, number, close } = useActionStore();
  const here = useActionPlace();
  if (request?.where !== here) return null;
  const { action, things, value, returnTo } = request;
  const { Dialog } = action;
  if (!Dialog) return null;
  return (
    <Dialog
      key={number}
      things={things}
      value={value}
      returnTo={returnTo}
      onClose={() => {
        close(request);
        void refreshOperations(...(action.refreshes ?? []));
      }}
    />
  );
}
