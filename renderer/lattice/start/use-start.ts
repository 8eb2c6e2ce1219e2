import { useForm } from "@mantine/form";
import { useMemo, useState } from "react";
import type { ComponentRow, HostRow } from "../../../shared/lattice/schema.ts";
import { useTopic } from "../../client/use-topic.ts";
import { useSelection } from "../../state/selection.ts";
import { formatCount } from "../../ui/format.ts";
import { entriesOf } from "../../ui/map-entries.ts";
import { unbounded } from "../component-groups.ts";
import { hostRemarks } from "./host-remarks.ts";
import { type StartKind, type StartValues, startErrors } from "./start-values.ts";

/** What a start begins with. */
export interface StartFrom {
  /** Hosts that are chosen already. */
  hostIds?: readonly string[];
  /** What is written in the form already. */
  what?: { id: string; imageReference: string };
  /** A component whose image, id, instances, annotations and limits are taken over. */
  like?: ComponentRow;
}

export type Start = ReturnType<typeof useStart>;

/** Form and choice of hosts of a start, held against what runs in the lattice now. */
export function useStart(kind: StartKind, from: StartFrom) {
  const { connectionId, lattice } = useSelection();
  const scope = { connectionId, lattice };
  const hosts = useHosts();
  const running = useTopic(kind === "component" ? "lattice.components" : "lattice.providers", scope).rows;
  const knownIds = useMemo(() => new Set(running.map((row) => row.id)), [running]);
  const [images] = useState(() => imagesOf(running));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(from.hostIds));
  const form = useForm<StartValues>({
    initialValues: { ...valuesOf(from.like), ...from.what },
    validate: (values) => startErrors(kind, values, knownIds),
    validateInputOnBlur: true,
  });
  const values = form.getValues();
  const id = values.id.trim();
  const { imageReference } = values;
  const limits = kind === "component" && (values.memory.trim() !== "" || values.seconds.trim() !== "");
  const remark = useMemo(
    () => hostRemarks({ kind, id, imageReference, limits, running }),
    [kind, id, imageReference, limits, running],
  );
  const targets = hosts.filter((host) => chosen.has(host.id) && !remark(host)?.blocks);
  const complete = Object.keys(startErrors(kind, values, knownIds)).length === 0 && targets.length > 0;
  const names = new Map(hosts.map((host) => [host.id, host.friendlyName]));
  return {
    kind,
    form,
    values,
    hosts,
    images,
    chosen,
    setChosen,
    remark,
    targets,
    label: startLabel(kind, values, targets),
    hostName: ({ hostId }: { hostId: string }) => names.get(hostId) ?? hostId,
    /** One input for each chosen host; undefined while something is missing. */
    inputs: <Input>(inputOf: (values: StartValues, place: typeof scope, hostId: string) => Input) =>
      complete ? targets.map((host) => inputOf(values, scope, host.id)) : undefined,
  };
}

/** What the button of a start says. */
function startLabel(kind: StartKind, values: StartValues, targets: readonly HostRow[]): string {
  const what = [kind === "provider" ? "provider" : "", values.id.trim()].filter(Boolean).join(" ") || kind;
  const [only] = targets;
  if (targets.length === 0) return `Start ${what}`;
  return `Start ${what} on ${targets.length === 1 && only ? only.friendlyName : `${formatCount(targets.length)} hosts`}`;
}

function useHosts(): HostRow[] {
  const { connectionId, lattice } = useSelection();
  const { rows } = useTopic("lattice.hosts", { connectionId, lattice });
  return useMemo(
    () =>
      rows
        .filter(({ status }) => status === "live" || status === "stale")
        .sort((a, b) => (a.friendlyName < b.friendlyName ? -1 : 1)),
    [rows],
  );
}

function imagesOf(rows: readonly { imageReference?: string }[]): string[] {
  return [...new Set(rows.flatMap(({ imageReference }) => imageReference ?? []))].sort();
}

function valuesOf(like: ComponentRow | undefined): StartValues {
  const { max_memory_limit: memory = "", max_execution_time: seconds = "" } = like?.limits ?? {};
  const instances = like?.maxInstances ?? 1;
  return {
    imageReference: like?.imageReference ?? "",
    id: like?.id ?? "",
    instances: instances >= unbounded ? "unbounded" : String(instances),
    annotations: entriesOf(ownAnnotations(like?.annotations ?? {})),
    memory,
    seconds,
    config: [],
  };
}

/** wadm's own annotations would make it take a component for one that it started (wasmcloud-control trap 42). */
function ownAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.startsWith("wasmcloud.dev/")));
}
