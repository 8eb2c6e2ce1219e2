import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { parametersNow } from "./parameters-now.ts";

/** Which row's drawer is open, kept in the address as `open`. */
export function useOpenKey() {
  const [parameters, setParameters] = useSearchParams();
  const setOpenKey = useCallback(
    (open: string | undefined) =>
      setParameters(
        () => {
          const next = parametersNow();
          if (open === undefined) next.delete("open");
          else next.set("open", open);
          return next;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return [parameters.get("open") ?? undefined, setOpenKey] as const;
}
