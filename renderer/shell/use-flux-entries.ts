import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useOperations } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { type PageName, pathTo } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";
import { lookOf } from "../ui/state-look.ts";
import type { PaletteEntry } from "./palette-entries.ts";

const daemonStates = { connected: "live", disconnected: "lost", waiting: "waiting" } as const;

/** The daemons of the selected listener and their workloads, as the palette finds them. */
export function useFluxEntries(selection: Selection | undefined): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const connectionId = selection?.system === "flux" ? selection.connectionId : undefined;
  const daemons = useTopic("flux.daemons", { connectionId }).rows;
  const connected = daemons
    .filter(({ status }) => status === "connected")
    .map(({ id }) => id)
    .join(" ");
  const inputs = useMemo(
    () =>
      connectionId && connected !== ""
        ? connected.split(" ").map((daemonId) => ({ connectionId, daemonId }))
        : [],
    [connectionId, connected],
  );
  const workloads = useOperations("flux.workloads.list", inputs, { staleTime: 15_000 }).data;
  return useMemo(() => {
    if (!connectionId) return [];
    const open = (page: PageName, key: string) => () =>
      navigate(`${pathTo(page, { system: "flux", connectionId })}?open=${encodeURIComponent(key)}`);
    const names = new Map(daemons.map(({ id, name }) => [id, name]));
    const toDaemons = daemons.map(
      ({ id, name, status, version = "", repository }): PaletteEntry => ({
        id: `daemons ${id}`,
        group: "Daemons",
        label: name,
        detail: version,
        keywords: `${id} ${repository?.url ?? ""}`,
        glyph: lookOf(daemonStates[status]),
        run: open("daemons", id),
      }),
    );
    const toWorkloads = inputs.flatMap(({ daemonId }, index) =>
      (workloads[index] ?? []).map(
        ({ id, name, namespace, kind, containers }): PaletteEntry => ({
          id: `workloads ${daemonId} ${id}`,
          group: "Workloads",
          label: name,
          detail: `${namespace}:${kind} at ${names.get(daemonId) ?? daemonId}`,
          keywords: `${id} ${containers.map(({ image }) => image).join(" ")}`,
          run: open("workloads", `${daemonId} ${id}`),
        }),
      ),
    );
    return [...toDaemons, ...toWorkloads];
  }, [connectionId, daemons, inputs, workloads, navigate]);
}
