import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** Which row is open, kept in the address as `open`. */
export function useOpenKey() {
  const [parameters, setParameters] = useSearchParams();
  const openKey = parameters.get("open") ?? undefined;
  const setOpenKey = useCallback(
    (key: string | undefined) =>
      setParameters(
        (now) => {
          const next = new URLSearchParams(now);
          if (key === undefined) next.delete("open");
          else next.set("open", key);
          return next;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return [openKey, setOpenKey] as const;
}
