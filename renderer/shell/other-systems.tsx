import { Tooltip } from "@mantine/core";
import { IconHierarchy3, IconKey, IconStack2, IconTopologyStar3 } from "@tabler/icons-react";
import { Link, useNavigate } from "react-router";
import { type ConnectionRow, type System, systems } from "../../shared/connections/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { pagesOf, pathTo, systemOf } from "../state/paths.ts";
import { selectedBy } from "../state/place.ts";
import type { Selection } from "../state/selection.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import own from "./navigation.module.css";

const looks: Record<System, { title: string; icon: typeof IconKey; chord: string }> = {
  lattice: { title: "Lattice", icon: IconTopologyStar3, chord: "g 1" },
  flowfabric: { title: "FlowFabric", icon: IconKey, chord: "g 2" },
  forge: { title: "Queues", icon: IconStack2, chord: "g 3" },
  flux: { title: "Flux", icon: IconHierarchy3, chord: "g 4" },
};

/** The way to a connection of each other system that there is one of. */
export function OtherSystems({ selection }: { selection: Selection | undefined }) {
  const { rows } = useTopic("connections");
  const navigate = useNavigate();
  const here = selection && systemOf(selection);
  const others = systems.flatMap((system) => {
    const row = system === here ? undefined : connectionOf(rows, system);
    if (!row) return [];
    const target = selectedBy(row.profile);
    const [page = "connections"] = pagesOf(target);
    return [{ ...looks[system], system, to: pathTo(page, target) }];
  });
  useShortcuts(
    others.map(({ system, title, chord, to }) => ({
      id: `go-system-${system}`,
      label: `Go to ${title}`,
      group: "Go to",
      keys: chord,
      run: () => navigate(to),
    })),
  );
  if (others.length === 0) return null;
  return (
    <>
      {selection && <li className={own.divider} aria-hidden="true" />}
      {others.map(({ system, title, icon: Icon, chord, to }) => (
        <li key={system}>
          <Tooltip label={`${title} (${chord})`} position="right" openDelay={600}>
            <Link to={to} className={own.link ?? ""}>
              <Icon size={16} stroke={1.6} aria-hidden="true" />
              <span className={own.label}>{title}</span>
            </Link>
          </Tooltip>
        </li>
      ))}
    </>
  );
}

/** The open connection of a system, or the first of those that are not. */
export function connectionOf(rows: readonly ConnectionRow[], system: System): ConnectionRow | undefined {
  const some = rows.filter((row) => row.profile.system === system);
  return some.find(({ status }) => status.state === "open") ?? some[0];
}
