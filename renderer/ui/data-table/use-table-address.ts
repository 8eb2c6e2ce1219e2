import { useCallbackRef } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { pageNow, parametersNow } from "../../state/parameters-now.ts";
import { readTableAddress, type TableAddress, writeTableAddress } from "./table-url.ts";

/** The setters keep their identity. */
export interface TableAddressState extends TableAddress {
  setFilter: (text: string) => void;
  setSort: (sort: TableAddress["sort"]) => void;
  setColumns: (columns: readonly string[] | undefined) => void;
}

const writeAfterMs = 250;

/** One table's filter, sort and columns, kept in the address; the filter text gets there when typing rests. */
export function useTableAddress(table: string, known: ReadonlySet<string>): TableAddressState {
  const [parameters, setParameters] = useSearchParams();
  const address = useMemo(() => readTableAddress(parameters, table, known), [parameters, table, known]);
  const write = useCallbackRef((part: Partial<TableAddress>) =>
    setParameters(
      () => {
        const now = parametersNow();
        return writeTableAddress(now, table, { ...readTableAddress(now, table, known), ...part });
      },
      { replace: true },
    ),
  );
  const [filter, setFilter] = useTextInAddress(address.filter, (text) => write({ filter: text }));
  const setSort = useCallback((sort: TableAddress["sort"]) => write({ sort }), [write]);
  const setColumns = useCallback((columns: readonly string[] | undefined) => write({ columns }), [write]);
  return { ...address, filter, setFilter, setSort, setColumns };
}

/** A text that is at hand at once and written later; a change of the address from elsewhere wins. */
export function useTextInAddress(inAddress: string, write: (text: string) => void) {
  const [text, setText] = useState(inAddress);
  // Own writes that have not come back yet; by then more may have been typed, which they must not undo.
  const underWay = useRef<string[]>([]);
  const latestWrite = useRef(write);
  latestWrite.current = write;
  useEffect(() => {
    const own = underWay.current.indexOf(inAddress);
    if (own < 0) setText(inAddress);
    underWay.current = own < 0 ? [] : underWay.current.slice(own + 1);
  }, [inAddress]);
  useEffect(() => {
    if (text === inAddress) return;
    const timer = setTimeout(() => {
      underWay.current.push(text);
      latestWrite.current(text);
    }, writeAfterMs);
    return () => clearTimeout(timer);
  }, [text, inAddress]);
  useWriteOnLeave(text === inAddress ? undefined : () => latestWrite.current(text));
  return [text, setText] as const;
}

/** Writes at once when the field goes while its page stays, such as for another view of the same rows. */
function useWriteOnLeave(write: (() => void) | undefined): void {
  const pending = useRef(write);
  pending.current = write;
  useEffect(() => {
    const page = pageNow();
    return () => {
      if (pageNow() === page) pending.current?.();
    };
  }, []);
}
