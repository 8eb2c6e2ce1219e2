import { useEffect, useRef } from "react";
import { refreshOperations } from "../client/query.ts";
import { type ActionRequest, useActionStore } from "./action.ts";
import { useActionPlace } from "./use-actions.ts";

/**
 * The dialog of the action that was asked for. It belongs to the page and the connection that it was asked for on: one
 * that is left takes it along, so that what was planned there is never sent elsewhere.
 */
export function ActionDialog() {
  const { request, number, close } = useActionStore();
  const here = useActionPlace();
  const shown = useRef<ActionRequest>(undefined);
  const isHere = request?.where === here;
  useEffect(() => {
    if (isHere) shown.current = request;
    else if (request && request === shown.current) close(request);
  }, [request, isHere, close]);
  if (!request || !isHere) return null;
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
