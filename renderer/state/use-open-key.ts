import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { parametersNow } from "./parameters-now.ts";

/** Which row's drawer is open, kept in the address as `open`. */
export function useOpenKey() {
  const [parts, setParts] = useAddressParts();
  const setOpenKey = useCallback((open: string | undefined) => setParts({ open }), [setParts]);
  return [parts.open, setOpenKey] as const;
}

interface AddressParts {
  /** Which row's drawer is open. */
  open?: string | undefined;
  /** Which dialog is asked for, so that the palette can ask for it from anywhere. */
  do?: string | undefined;
}

/** What the address says of drawer and dialog; several parts that change at once have to be set at once. */
export function useAddressParts() {
  const [parameters, setParameters] = useSearchParams();
  const parts: AddressParts = {
    open: parameters.get("open") ?? undefined,
    do: parameters.get("do") ?? undefined,
  };
  const setParts = useCallback(
    (changed: AddressParts) =>
      setParameters(
        () => {
          const next = parametersNow();
          for (const [name, value] of Object.entries(changed)) {
            if (value === undefined) next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return [parts, setParts] as const;
}
